import FerryCheckpoints
import FerryFormats

/// Finds the weights that a blueprint asks for, and knows which of the checkpoint's were not asked for.
struct WeightMatcher {
  private let source: SourceWeights
  private var used: Set<ExactString> = []

  init(_ source: SourceWeights) { self.source = source }

  /// The weight that is stored under one of the names, checked.
  mutating func match(_ wanted: BlueprintWeight) throws(ModelError) -> NamedSource {
    let found = wanted.names.compactMap { source[$0] }
    guard let weight = found.first else {
      throw ModelError(
        .missingWeight,
        "\(source.checkpoint.path) has no weight '\(wanted.names[0])' of shape \(wanted.shape), which "
          + "its configuration asks for; the checkpoint is incomplete or the configuration another's"
      )
    }
    for name in wanted.names { used.insert(ExactString(name)) }
    try check(weight, against: wanted)
    return NamedSource(names: wanted.names, weight: weight)
  }

  /// Throws if the checkpoint has weights that nobody asked for: the model would not be the one its
  /// maker trained.
  func checkNothingIsLeft() throws(ModelError) {
    let left = source.weights.filter { !used.contains(ExactString($0.name)) }
    guard let first = left.first else { return }
    throw ModelError(
      .unexpectedWeight,
      "\(source.checkpoint.path) has \(left.count.counted("weight")) that its configuration does not ask for, "
        + "'\(first.name)' among them; the configuration is another's or the model is not supported"
    )
  }

  private func check(_ weight: SourceWeight, against wanted: BlueprintWeight) throws(ModelError) {
    guard weight.shape == wanted.shape else {
      throw ModelError(
        .wrongShape,
        "the weight '\(weight.name)' has shape \(weight.shape) where the configuration asks for "
          + "\(wanted.shape)")
    }
    switch weight.format {
    case .plain(let type) where !type.isWeightFloat:
      throw ModelError(
        .unsupported,
        "the weight '\(weight.name)' is stored as \(type.rawValue); f32, f16 and bf16 run")
    case .plain: return
    case .opaque:
      throw ModelError(
        .unsupported,
        "the weight '\(weight.name)' is stored as \(source.typeName(of: weight)), which Ferry inspects and moves but "
          + "does not compute with; \(source.computableTypes)")
    case .fourBit, .int8Rows, .dynamic8:
      guard wanted.mayBeQuantized else {
        throw ModelError(
          .unsupported, "'\(weight.name)' is quantized; norms and biases must be plain")
      }
    }
  }
}
