import FerryCheckpoints

/// The models that a model contains, as declared by the sections of its configuration.
struct ModelSections: Sendable {
  /// The architectures of those models that are in the table.
  let architectures: [Architecture]
  /// A Boolean value that indicates whether the model consists of two complete models of any types, heads included,
  /// stored as `encoder.…` and `decoder.…`. The table's entry for its class holds for the default types only.
  let areWhole: Bool
  /// The first of two complete models whose type is not in the table.
  let unknown: String?
  private let wholes: [(key: String, architecture: Architecture)]

  /// Reads the sections of a configuration.
  init(of configuration: JSONValue?) {
    let types =
      configuration?.object?.compactMap { entry in entry.value["model_type"]?.string } ?? []
    architectures = types.compactMap { ArchitectureTable.architecture(ofType: $0) }
    areWhole = Self.typesOfTwo.contains(configuration?["model_type"]?.string ?? "")
    var (wholes, unknown): ([(String, Architecture)], String?) = ([], nil)
    for key in areWhole ? ["encoder", "decoder"] : [] {
      let type = configuration?[key]?["model_type"]?.string
      // If a decoder's head is unknown and tied, it is not stored, and loading would create a quantized one.
      if let found = type.flatMap({ ArchitectureTable.architecture(ofType: $0) }),
        key == "encoder" || !found.usualHeads(of: nil).isEmpty
      {
        wholes.append((key, found))
      } else {
        unknown = unknown ?? "its \(key) is of the type '\(type ?? "")'"
      }
    }
    (self.wholes, self.unknown) = (wholes, unknown)
  }

  private static let typesOfTwo: Set<String> = [
    "encoder-decoder", "speech-encoder-decoder", "vision-encoder-decoder",
  ]

  /// The heads of the two complete models.
  var usualHeads: [String] {
    wholes.flatMap { key, architecture in
      architecture.usualHeads(of: nil).map { "\(key).\($0)" }
    }
  }

  /// Returns the complete model that contains a module, and the module's path in it.
  func section(of path: ModulePath) -> (key: String, path: ModulePath, architecture: Architecture)?
  {
    for (key, architecture) in wholes where path.name.hasPrefix(key + ".") {
      return path.tail.map { (key, $0, architecture) }
    }
    return nil
  }
}
