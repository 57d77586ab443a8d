import Ferry
import FerryCheckpoints

/// Loading a checkpoint that Ferry wrote to run on the CPU copies nothing.
struct LoadingBench {
  let engine: Engine
  let scratch: String

  init(_ engine: Engine, _ scratch: String) { (self.engine, self.scratch) = (engine, scratch) }

  func figures() async throws -> [Figure] {
    let source = "\(scratch)/eight-matrices.safetensors"
    try SyntheticFile.matrices(source, count: 8, rows: 8192, columns: 4096)
    let path = "\(scratch)/eight-matrices-nf4.safetensors"
    let options = QuantizationOptions(
      format: .fourBit(FourBitFormat(.nf4, isNested: true)), includesEverything: true,
      replacesDestination: true)
    _ = try await engine.quantize(source, to: path, options: options)
    let before = ProcessMemory.anonymousBytes
    let weights = try await engine.loadWeights(path)
    let copied = max(0, ProcessMemory.anonymousBytes - before)
    let part = Double(copied) / Double(weights.byteCount)
    return [
      Figure(
        "anonymous memory of loading on the CPU, of the weights' size", part, "", .atMost, 0.02)
    ]
  }
}

/// Quantizing takes no more memory than three times its largest tensor in f32, and 64 MiB.
struct QuantizingBench {
  let engine: Engine
  let scratch: String

  init(_ engine: Engine, _ scratch: String) { (self.engine, self.scratch) = (engine, scratch) }

  func figures() async throws -> [Figure] {
    let source = "\(scratch)/large-matrix-f32.safetensors"
    let (rows, columns) = (16384, 8192)
    try SyntheticFile.matrices(source, count: 2, rows: rows, columns: columns, type: .f32)
    let limit = Double(3 * rows * columns * 4 + 64 << 20) / 1e6
    let devices = try engine.devices().map(\.device).filter { $0.index == 0 && $0.backend != .cuda }
    var figures: [Figure] = []
    for device in devices {
      for (name, format) in Self.formats {
        let options = QuantizationOptions(
          format: format, includesEverything: true, device: device, replacesDestination: true)
        let peak = try await ProcessMemory.peakAbove {
          try await engine.quantize(
            source, to: "\(scratch)/quantized.safetensors", options: options)
        }
        figures.append(
          Figure(
            "peak anonymous memory of quantizing f32 to \(name) on \(device)",
            Double(peak.bytes) / 1e6, "MB", .atMost, limit))
      }
    }
    return figures
  }

  private static let formats: [(String, WeightFormat)] = [
    ("nested NF4", .fourBit(FourBitFormat(.nf4, isNested: true))), ("INT8", .int8Rows),
  ]
}

/// Many small tensors cost what few large ones of the same bytes do.
struct MovingBench {
  let engine: Engine
  let scratch: String
  private static let rounds = 7

  init(_ engine: Engine, _ scratch: String) { (self.engine, self.scratch) = (engine, scratch) }

  func figures() async throws -> [Figure] {
    guard let device = try engine.devices().map(\.device).first(where: { $0 != .cpu }) else {
      return []
    }
    let many = "\(scratch)/fifty-thousand.safetensors"
    let few = "\(scratch)/fifty.safetensors"
    try SyntheticFile.matrices(many, count: 50_000, rows: 80, columns: 128)
    try SyntheticFile.matrices(few, count: 50, rows: 80_000, columns: 128)
    let models = [try await engine.loadWeights(many), try await engine.loadWeights(few)]
    var seconds: [[Double]] = [[], []]
    for _ in 0..<Self.rounds {
      for (index, weights) in models.enumerated() {
        let report = try await weights.move(to: device)
        seconds[index].append(report.seconds)
        try await weights.move(to: .cpu)
      }
    }
    let ratio = seconds[0].median / seconds[1].median
    return [
      Figure(
        "time to move 50,000 tensors to \(device), of that of 50 with the same bytes", ratio, "×",
        .atMost, 1.1)
    ]
  }
}
