import Ferry
import FerryCheckpoints

/// The real models that benchmarks run, and the quantized ones that are made of them.
struct BenchModels {
  let weights: String
  let scratch: String
  let isTrial: Bool
  let engine = Engine()

  init(weights: String, scratch: String, isTrial: Bool) {
    (self.weights, self.scratch, self.isTrial) = (weights, scratch, isTrial)
  }

  /// What SmolLM2 is quantized to.
  static let formats: [(name: String, format: WeightFormat)] = [
    ("NF4", .fourBit(FourBitFormat(.nf4))), ("INT8", .int8Rows),
  ]

  /// How they are made: the file's embedding, which is the head as well, is stored in 8 bits.
  static let note = "made by `ferry quantize --dtype bf16`"

  /// SmolLM2-135M as its publishers quantized it.
  var smolLM2: String { "\(weights)/SmolLM2-135M-Instruct.Q4_1.gguf" }

  /// Where a quantized SmolLM2 lies.
  func quantizedPath(_ name: String) -> String { "\(scratch)/smollm2-\(name.lowercased())-bf16" }

  /// A quantized SmolLM2, made where it is not there yet.
  func smolLM2(_ name: String, _ format: WeightFormat) async throws -> String {
    let path = quantizedPath(name)
    if !FileTree.exists(path) { try await quantize(name, format) }
    return path
  }

  /// Makes a quantized SmolLM2.
  func quantize(_ name: String, _ format: WeightFormat) async throws {
    _ = try await engine.quantize(
      smolLM2, to: quantizedPath(name),
      options: QuantizationOptions(format: format, plainType: .bf16, replacesDestination: true))
  }
}
