package import FerryCheckpoints

extension Tokenizer {
  /// The tokenizer of a checkpoint: from the metadata of a GGUF file, or from `tokenizer.json` of a
  /// folder. The tokens that end a generation are gathered from wherever the checkpoint names them.
  package init(_ checkpoint: Checkpoint) throws {
    if let metadata = checkpoint.metadata {
      try self.init(gguf: metadata, file: checkpoint.path)
      return
    }
    let file = checkpoint.path + "/tokenizer.json"
    guard let json = try checkpoint.document("tokenizer.json") else {
      throw TokenizerError(
        .missing, file: checkpoint.path,
        "it holds no tokenizer.json; name a folder that has one (transformers' "
          + "AutoTokenizer.save_pretrained writes it), or a GGUF file")
    }
    try self.init(
      tokenizerJSON: json, configuration: try checkpoint.document("tokenizer_config.json"),
      file: file)
    for configuration in [
      try checkpoint.document("generation_config.json"), checkpoint.configuration,
    ] {
      if let configuration { addEndOfText(from: configuration) }
    }
  }
}
