import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryTensors

/// What comes between the products of a prompt: norms, rotations, gates, sums, over rows that no cache holds.
struct RowsBench {
  let open: OpenDevice
  let roofs: HostRoofs
  let elementType: ElementType
  private let operations: any Operations

  init(
    _ open: OpenDevice, _ roofs: HostRoofs, _ operations: any Operations, elementType: ElementType
  ) {
    (self.open, self.roofs, self.operations) = (open, roofs, operations)
    self.elementType = elementType
  }

  /// All of them.
  func figures() throws -> [Figure] {
    let (rows, width) = open.scale.rowShape
    let tensors = try (0..<3).map { seed in
      try SyntheticWeight.tensor(
        elementType, shape: [rows, width], on: open.context, seed: UInt64(seed))
    }
    let works = try works(tensors, rows, width)
    return try works.map { work in
      let timing = try DeviceTimer(context: open.context, budget: open.scale.budget)
        .time(copies: 1) { _ in try work.run() }
      let byteCount = work.passes * rows * width * elementType.byteCount
      return roofs.figure(
        "\(work.name) \(rows)×\(width) \(elementType)", timing.seconds, moving: byteCount)
    }
  }

  /// One operation, and how often it goes through a whole tensor, reading or writing.
  private struct Work {
    let name: String
    let passes: Int
    let run: () throws -> Void
  }

  private func works(_ tensors: [Tensor], _ rows: Int, _ width: Int) throws -> [Work] {
    let vectors = try (0..<2).map { seed in
      try SyntheticWeight.make(
        .plain(.f32), shape: [width], on: open.context, seed: UInt64(seed))
    }
    let heads = HeadShape(count: width / 128, size: 128, rotarySize: 128)
    let tables = try rotaryTables(rows, heads)
    let (first, second, third) = (tensors[0], tensors[1], tensors[2])
    return [
      Work(name: "RMS norm", passes: 2) {
        try operations.rmsNorm(first, weight: vectors[0], epsilon: 1e-5, into: second)
      },
      Work(name: "layer norm", passes: 2) {
        try operations.layerNorm(
          first, weight: vectors[0], bias: vectors[1], epsilon: 1e-5, into: second)
      },
      Work(name: "rotation", passes: 2) {
        try operations.rotate(second, heads: heads, tables: tables, firstPosition: 0)
      },
      Work(name: "SiLU and product", passes: 3) {
        try operations.siluMultiply(gate: first, up: second, into: third)
      },
      Work(name: "GELU", passes: 2) { try operations.gelu(first, into: third) },
      Work(name: "sum", passes: 3) { try operations.add(first, to: third) },
    ]
  }

  /// Cosines and sines as a model has them: a rotation repeated keeps the size of numbers.
  private func rotaryTables(_ rows: Int, _ heads: HeadShape) throws -> Tensor {
    let rotation = RotaryEmbedding(
      theta: 10_000, headSize: heads.rotarySize, maximumPositions: rows)
    let memory = try open.context.allocate(byteCount: rows * heads.rotarySize * 4).view
    try rotation.table(positions: 0..<rows, length: rows).withUnsafeBytes {
      try open.context.compute.upload($0, to: memory)
      try open.context.compute.synchronize()
    }
    return Tensor(memory, .f32, shape: [rows, 2, heads.rotarySize / 2])
  }
}

extension BenchScale {
  /// Rows of a prompt; three such tensors in f32 are larger than any cache.
  fileprivate var rowShape: (Int, Int) {
    pick(full: (2048, 8192), host: (2048, 8192), small: (32, 256))
  }
}
