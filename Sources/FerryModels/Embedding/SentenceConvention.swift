package import FerryCheckpoints

/// How sentence-transformers makes one vector of a text: which tokens enter, what is taken of their states.
package struct SentenceConvention: Hashable, Sendable {
  /// What is taken of the states.
  package enum Pooling: Hashable, Sendable {
    /// Their mean.
    case mean
    /// That of the first token, `[CLS]`.
    case first
  }

  /// What is taken of the states.
  package var pooling: Pooling
  /// Whether the vector is brought to length 1.
  package var normalizes: Bool
  /// The most tokens of a text, those around it included; nil: what the model takes.
  package var maximumTokens: Int?
  /// Whether letters are made small before the tokenizer sees them.
  package var lowercases: Bool

  package init(
    pooling: Pooling = .mean, normalizes: Bool = false, maximumTokens: Int? = nil,
    lowercases: Bool = false
  ) {
    self.pooling = pooling
    self.normalizes = normalizes
    self.maximumTokens = maximumTokens
    self.lowercases = lowercases
  }

  /// Reads `modules.json` and what it names. A folder without it is an encoder alone, of which
  /// sentence-transformers takes the mean.
  package init(_ checkpoint: Checkpoint) throws {
    self.init()
    let reader = ConventionReader(checkpoint)
    try reader.refusePrompts()
    for module in try reader.modules() {
      switch module.kind {
      case "Transformer": continue
      case "Pooling": pooling = try reader.pooling(module)
      case "Normalize": normalizes = true
      case let kind:
        throw reader.unsupported("a module of the kind '\(kind)' (modules.json)")
      }
    }
    let settings = try checkpoint.document("sentence_bert_config.json")
    lowercases = settings?["do_lower_case"]?.bool ?? false
    let limits = [
      settings?["max_seq_length"],
      try checkpoint.document("tokenizer_config.json")?["model_max_length"],
    ]
    maximumTokens = limits.compactMap { $0?.int }.first { $0 > 0 }
  }
}

/// Reads the files of sentence-transformers.
private struct ConventionReader {
  /// One step of `modules.json`.
  struct Module {
    /// The name of its class, without the modules it is in.
    let kind: String
    /// The folder of its configuration; empty for that of the model.
    let path: String
  }

  private let checkpoint: Checkpoint

  init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  func unsupported(_ what: String) -> ModelError {
    ModelError(.unsupported, "\(checkpoint.path): \(what) is not implemented")
  }

  func modules() throws -> [Module] {
    guard let document = try checkpoint.document("modules.json") else { return [] }
    guard let list = document.array else { throw malformed("modules.json is no list") }
    return try list.map { entry in
      guard let type = entry["type"]?.string, let path = entry["path"]?.string,
        !path.split(separator: "/").contains("..")
      else { throw malformed("modules.json has a module without type and path") }
      return Module(kind: String(type.split(separator: ".").last ?? ""), path: path)
    }
  }

  /// One way of pooling: by name, or by the flag that is set.
  func pooling(_ module: Module) throws -> SentenceConvention.Pooling {
    let name = module.path + "/config.json"
    guard let config = try checkpoint.document(name) else {
      throw malformed("modules.json names \(name), which is missing")
    }
    let prefix = "pooling_mode_"
    let flags = (config.object ?? []).filter { $0.key.hasPrefix(prefix) && $0.value.bool == true }
      .map { String($0.key.dropFirst(prefix.count)) }
    switch config["pooling_mode"]?.string.map({ [$0] }) ?? flags {
    case ["mean"], ["mean_tokens"], []: return .mean
    case ["cls"], ["cls_token"]: return .first
    case let modes:
      throw unsupported("pooling by \(modes.joined(separator: " and ")) (\(name))")
    }
  }

  /// A prompt that is put before every text without being asked for.
  func refusePrompts() throws {
    let config = try checkpoint.document("config_sentence_transformers.json")
    guard let name = config?["default_prompt_name"]?.string else { return }
    throw unsupported(
      "the prompt '\(name)' that goes before every text (config_sentence_transformers.json)")
  }

  private func malformed(_ message: String) -> ModelError {
    ModelError(.malformed, "\(checkpoint.path): \(message); get the model again")
  }
}
