package import FerryCheckpoints
package import FerryFormats
import FerryTensors

/// The weights of a checkpoint under Hugging Face's names and in Hugging Face's order of rows, whatever
/// the container.
package struct SourceWeights: Sendable {
  /// Where they are.
  package let checkpoint: Checkpoint
  /// What model they are of; nil for an unknown family.
  package private(set) var blueprint: (any ModelBlueprint)?
  /// The weights, in file order. Of a known family, without what is no weight of it (the rotary
  /// frequencies that some files store); of an unknown one, everything.
  package let weights: [SourceWeight]
  /// The error of a model that belongs to a known family but is treated as one of an unknown family, because its
  /// configuration asks for something that is not implemented.
  package private(set) var obstacle: ModelError?
  private let numbers: [ExactString: Int]

  /// The weights of `checkpoint`.
  package init(_ checkpoint: Checkpoint) throws {
    let family = try ModelFamily(checkpoint)
    self.init(checkpoint, blueprint: nil, weights: Self.named(checkpoint, family))
    blueprint = try family?.blueprint.adapted(to: self)
  }

  /// Reads the weights of a checkpoint that is to be converted. Conversion needs names and shapes only, so a model of a
  /// known family that cannot run is treated as one of an unknown family. Formats whose configuration is derived from
  /// metadata need a known family.
  package init(converting checkpoint: Checkpoint) throws {
    do {
      try self.init(checkpoint)
    } catch let error as ModelError where checkpoint.container == .folder {
      self.init(unnamed: checkpoint)
      obstacle = error
    }
  }

  /// The weights of `checkpoint` as its files call and store them, whatever the model.
  package init(unnamed checkpoint: Checkpoint) {
    self.init(checkpoint, blueprint: nil, weights: Self.named(checkpoint, nil))
  }

  private init(
    _ checkpoint: Checkpoint, blueprint: (any ModelBlueprint)?, weights: [SourceWeight]
  ) {
    self.checkpoint = checkpoint
    self.blueprint = blueprint
    self.weights = weights
    numbers = Dictionary(
      zip(weights.map { ExactString($0.name) }, weights.indices), uniquingKeysWith: { $1 })
  }

  /// The weight of this name.
  package subscript(name: String) -> SourceWeight? {
    numbers[ExactString(name)].map { weights[$0] }
  }

  /// Throws unless the weights are exactly those that the model asks for, in shapes and types that it
  /// runs with. An unknown family asks for nothing.
  package func checkCompleteness() throws(ModelError) {
    guard let blueprint else { return }
    var matcher = WeightMatcher(self)
    for weight in blueprint.segments.flatMap(\.weights) { _ = try matcher.match(weight) }
    try matcher.checkNothingIsLeft()
  }

  /// Throws if a weight that the model needs is missing or has another shape. Additional weights, and types that Ferry
  /// cannot run, are accepted. The base model may be stored alone, without its wrapper's prefix and head; the head may
  /// belong to another class if the configuration names no class.
  package func checkNothingIsMissing() throws(ModelError) {
    guard let blueprint else { return }
    var matcher = WeightMatcher(self)
    var isHeadOptional = configuration?["architectures"]?.array?.first?.string == nil
    var missingHead: ModelError?
    for weight in blueprint.segments.flatMap(\.weights) {
      do throws(ModelError) {
        _ = try matcher.match(weight)
      } catch  where error.code == .unsupported {
        continue
      } catch  where error.code == .missingWeight && weight.names == ["lm_head.weight"] {
        missingHead = error
      } catch  where error.code == .missingWeight && isStoredWithoutWrapper(weight) {
        isHeadOptional = true
      }
    }
    if let missingHead, !isHeadOptional { throw missingHead }
  }

  /// Returns true if a weight is stored without the first component of its name.
  private func isStoredWithoutWrapper(_ wanted: BlueprintWeight) -> Bool {
    wanted.names.contains { name in
      name.firstIndex(of: ".").flatMap { self[String(name[$0...].dropFirst())] }?.shape
        == wanted.shape
    }
  }

  /// The configuration that describes the model, in Hugging Face's terms: the folder's own, or one derived from a
  /// file's metadata.
  package var configuration: JSONValue? {
    if let configuration = checkpoint.configuration { return configuration }
    return checkpoint.metadata == nil ? nil : try? blueprint?.huggingFaceConfiguration()
  }

  /// The names of the stored weights that quantizing takes unless told otherwise; empty for an
  /// unknown family.
  package var quantizableLinears: [String] {
    (blueprint?.quantizableWeights ?? []).filter { self[$0] != nil }
  }

  private static func named(_ checkpoint: Checkpoint, _ family: ModelFamily?) -> [SourceWeight] {
    let names = family?.storedNames
    return checkpoint.weights.compactMap { weight in
      if family != nil && isDerived(weight.name) { return nil }
      return SourceWeight(
        name: names?.huggingFaceName(weight.name) ?? weight.name, stored: weight,
        rowOrder: names?.rowOrder(weight.name))
    }
  }

  /// Whether the tensor holds rotary frequencies or position numbers, which follow from the
  /// configuration: old transformers saved them, GGUF files have frequencies beside the weights.
  private static func isDerived(_ name: String) -> Bool {
    name.hasByteSuffix(".rotary_emb.inv_freq") || name.hasByteSuffix("embeddings.position_ids")
      || name.hasSameBytes(as: GGUFNames.rotaryFactors)
  }
}

/// One weight of a checkpoint, plain or quantized, under its Hugging Face name.
package struct SourceWeight: Sendable {
  /// Hugging Face's name.
  package let name: String
  /// What the checkpoint knows of it.
  package let stored: CheckpointWeight
  /// The order of its stored rows, where it is not the model's.
  package let rowOrder: HeadRowOrder?

  /// What the weight is in memory.
  package var format: WeightFormat { stored.format }
  /// The logical extents.
  package var shape: [Int] { stored.shape }
  /// The type of its elements as ``SourceWeights/read(_:into:)`` gives them, or the type it was
  /// quantized from.
  package var elementType: ElementType { stored.dtype }
  /// The parts in memory, in canonical order.
  package var parts: [PartSpecification] { format.parts(shape: shape) }
}
