import FerryCheckpoints

/// Reads the configuration files of sentence-transformers.
struct ConventionReader {
  /// One entry of `modules.json`.
  struct Module {
    /// The name of the entry's class, without its package.
    let kind: String
    /// The folder of the entry's configuration; empty for the model's own folder.
    let path: String
  }

  private let checkpoint: Checkpoint

  init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  func unsupported(_ what: String) -> ModelError {
    ModelError(.unsupported, "\(checkpoint.path): \(what) is not implemented")
  }

  /// Returns the modules in order; empty if there is no `modules.json`.
  func modules() throws -> [Module] {
    guard let document = try checkpoint.document("modules.json") else { return [] }
    guard let list = document.array else { throw malformed("modules.json is no list") }
    let modules = try list.map { entry in
      guard let type = entry["type"]?.string, let path = entry["path"]?.string,
        !path.split(separator: "/").contains("..")
      else { throw malformed("modules.json has a module without type and path") }
      return Module(kind: String(type.split(separator: ".").last ?? ""), path: path)
    }
    let order = SentenceConvention.order
    if let other = modules.first(where: { !order.contains($0.kind) }) {
      throw unsupported("a module of the kind '\(other.kind)' (modules.json)")
    }
    guard (2...3).contains(modules.count) else {
      throw unsupported("a list of \(modules.count) modules (modules.json)")
    }
    return modules
  }

  /// Returns the pooling method, given by name or by the flag that is set.
  func pooling(_ module: Module) throws -> SentenceConvention.Pooling {
    let name = module.path + "/config.json"
    guard let config = try checkpoint.document(name), let members = config.object else {
      throw malformed("modules.json names \(name), which is missing or no section")
    }
    let prefix = "pooling_mode_"
    try refuseUnknown(
      members.filter { !$0.key.hasPrefix(prefix) }, in: name,
      known: ["embedding_dimension", "include_prompt", "pooling_mode", "word_embedding_dimension"])
    let flags = members.filter { $0.key.hasPrefix(prefix) && $0.value.bool != false }
    let named = config["pooling_mode"].map { $0.array ?? [$0] }?.map { $0.string ?? "?" }
    switch named ?? flags.map({ String($0.key.dropFirst(prefix.count)) }) {
    case ["mean"], ["mean_tokens"]: return .mean
    case [] where named == nil: return .mean
    case ["cls"], ["cls_token"]: return .first
    case let modes:
      throw unsupported("pooling by \(modes.joined(separator: " and ")) (\(name))")
    }
  }

  /// Returns true: vectors are normalized to length 1. Throws if a configuration names anything but the sentence
  /// embedding.
  func normalizes(_ module: Module) throws -> Bool {
    let name = module.path + "/config.json"
    for member in try checkpoint.document(name)?.object ?? []
    where member.value.string != "sentence_embedding" {
      throw unsupported("'\(member.key)' (\(name))")
    }
    return true
  }

  /// Returns the configuration of the encoder and its input.
  func transformer() throws -> ConfigurationReader {
    let names = ["bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet"]
    for name in names.map({ "sentence_\($0)_config.json" }) {
      guard let document = try checkpoint.document(name) else { continue }
      guard let members = document.object else { throw malformed("\(name) is no section") }
      try Self.transformerKeys.check(document)
      try refuseUnknown(members, in: name, known: Set(Self.transformerKeys.roles.keys))
      try refuseOtherText(document["modality_config"], in: name)
      return ConfigurationReader(document)
    }
    return .empty
  }

  private static let transformerKeys = ConfigurationKeys(
    read: ["do_lower_case", "max_seq_length", "modality_config"],
    // Batching of texts for speed.
    withoutEffect: ["unpad_inputs"],
    only: [
      "transformer_task": [.null, .text("feature-extraction")],
      "module_output_name": [.null, .text("token_embeddings")],
      "processing_kwargs": [.null, .empty], "query_length": [.null], "document_length": [.null],
      "query_expansion": [.null], "model_args": [.null, .empty], "model_kwargs": [.null, .empty],
      "tokenizer_args": [.null, .empty], "processor_kwargs": [.null, .empty],
      "config_args": [.null, .empty], "config_kwargs": [.null, .empty],
    ])

  /// Throws unless text is represented by the encoder's last hidden states.
  private func refuseOtherText(_ modalities: JSONValue?, in name: String) throws {
    guard let modalities, !modalities.isNull else { return }
    let text = modalities["text"]
    guard text?["method"]?.string == "forward",
      text?["method_output_name"]?.string == "last_hidden_state"
    else {
      throw unsupported("another 'modality_config' for text than the encoder's states (\(name))")
    }
  }

  /// Throws if `config_sentence_transformers.json` asks for anything beyond the modules: a prompt before every text,
  /// truncated vectors, or a model that does not produce text embeddings.
  func refuseVariants() throws {
    let file = "config_sentence_transformers.json"
    guard let config = try checkpoint.document(file).map(ConfigurationReader.init) else { return }
    if let name = config["default_prompt_name"]?.string {
      throw unsupported("the prompt '\(name)' that goes before every text (\(file))")
    }
    if config["truncate_dim"] != nil {
      throw unsupported("a vector of which a part is taken (truncate_dim in \(file))")
    }
    let kind = try config.text("model_type", default: "SentenceTransformer")
    guard kind == "SentenceTransformer" else { throw unsupported("a \(kind) (\(file))") }
  }

  /// Throws for unknown keys, which are errors in sentence-transformers too.
  private func refuseUnknown(
    _ members: [JSONValue.Member], in name: String, known: Set<String>
  ) throws {
    if let other = members.first(where: { !known.contains($0.key) }) {
      throw unsupported("'\(other.key)' (\(name))")
    }
  }

  private func malformed(_ message: String) -> ModelError {
    ModelError(.malformed, "\(checkpoint.path): \(message); get the model again")
  }
}
