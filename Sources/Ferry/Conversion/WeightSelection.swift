import FerryCheckpoints
import FerryFormats
import FerryModels
import Glibc

/// Which weights of a checkpoint are quantized.
struct WeightSelection {
  /// The names of the weights to quantize.
  let names: Set<ExactString>
  /// The modules of a known family that stay plain although they would be quantized by default.
  let skippedModules: [String]

  /// The selection for `options`: the linear weights of a known family, or every float matrix.
  init(_ source: SourceWeights, _ options: QuantizationOptions) throws {
    try Self.refuseQuantized(source)
    let candidates = try Self.candidates(source, options)
    let chosen = candidates.filter { Self.isQuantizable($0, options) }
    names = Set(chosen.map(ExactString.init))
    let usual = Set(source.quantizableLinears.map(ExactString.init))
    let kept = usual.subtracting(names).map(\.text).sorted()
    skippedModules = kept.map { $0.hasSuffix(".weight") ? String($0.dropLast(7)) : $0 }
  }

  private static func refuseQuantized(_ source: SourceWeights) throws {
    guard let weight = source.weights.first(where: { $0.format.isQuantized }) else { return }
    throw FerryError(
      .alreadyQuantized,
      "\(source.checkpoint.path) is quantized already ('\(weight.name)' is "
        + "\(weight.format.name)); dequantize it first, or start from the original")
  }

  private static func candidates(
    _ source: SourceWeights, _ options: QuantizationOptions
  ) throws -> [String] {
    if options.includesEverything {
      return source.weights.filter { $0.shape.count == 2 && $0.elementType.isWeightFloat }
        .map(\.name)
    }
    guard source.blueprint != nil else {
      throw FerryError(
        .unknownFamily,
        "\(source.checkpoint.path) is not of a model family that Ferry knows, so it cannot tell "
          + "linear layers from others; pass --all to quantize every matrix")
    }
    return source.quantizableLinears
  }

  /// A name that bitsandbytes can store in the format, and that no glob keeps.
  private static func isQuantizable(_ name: String, _ options: QuantizationOptions) -> Bool {
    if options.format == .int8Rows, !name.hasSuffix(".weight") { return false }
    return !options.skippedGlobs.contains { fnmatch($0, name, 0) == 0 }
  }
}
