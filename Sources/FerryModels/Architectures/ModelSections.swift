import FerryCheckpoints

/// The models that a model is made of, by the sections of its configuration.
struct ModelSections: Sendable {
  /// The architectures of those that the table has.
  let architectures: [Architecture]
  /// Whether the model is nothing but two whole ones of any types, heads included, stored as `encoder.…` and
  /// `decoder.…`: what the table says of its class holds for the default types only.
  let areWhole: Bool
  /// The first of two whole ones whose type is not in the table.
  let unknown: String?
  private let wholes: [(key: String, architecture: Architecture)]

  /// The sections of a configuration.
  init(of configuration: JSONValue?) {
    let types =
      configuration?.object?.compactMap { entry in entry.value["model_type"]?.string } ?? []
    architectures = types.compactMap { ArchitectureTable.architecture(ofType: $0) }
    areWhole = Self.typesOfTwo.contains(configuration?["model_type"]?.string ?? "")
    var (wholes, unknown): ([(String, Architecture)], String?) = ([], nil)
    for key in areWhole ? ["encoder", "decoder"] : [] {
      let type = configuration?[key]?["model_type"]?.string
      // A decoder whose head is not known would get a quantized one where that is tied and not stored.
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

  /// The heads of two whole ones.
  var usualHeads: [String] {
    wholes.flatMap { key, architecture in
      architecture.usualHeads(of: nil).map { "\(key).\($0)" }
    }
  }

  /// The whole one that a module is in, and the module's path in it.
  func section(of path: ModulePath) -> (key: String, path: ModulePath, architecture: Architecture)?
  {
    for (key, architecture) in wholes where path.name.hasPrefix(key + ".") {
      return path.tail.map { (key, $0, architecture) }
    }
    return nil
  }
}
