package import FerryCheckpoints

extension Tokenizer {
  /// The tokenizer of a checkpoint: from the metadata of a GGUF file, or from `tokenizer.json` of a
  /// folder, or from BERT's `vocab.txt` where there is no other. The tokens that end a generation are gathered from wherever the checkpoint names them.
  package init(_ checkpoint: Checkpoint) throws {
    if let metadata = checkpoint.metadata {
      try self.init(gguf: metadata, file: checkpoint.path)
      return
    }
    let configuration = try checkpoint.document("tokenizer_config.json")
    let description = try Self.description(in: checkpoint, configuration)
    try self.init(
      tokenizerJSON: description.json, configuration: configuration, file: description.file)
    for configuration in [
      try checkpoint.document("generation_config.json"), checkpoint.configuration,
    ] {
      if let configuration { addEndOfText(from: configuration) }
    }
  }

  /// The folder's `tokenizer.json`, or what its `vocab.txt` stands for.
  private static func description(
    in checkpoint: Checkpoint, _ configuration: JSONValue?
  ) throws -> (json: JSONValue, file: String) {
    if let json = try checkpoint.document("tokenizer.json") {
      return (json, checkpoint.path + "/tokenizer.json")
    }
    if let vocabulary = try checkpoint.text("vocab.txt") {
      let file = checkpoint.path + "/vocab.txt"
      let files = WordPieceFiles(vocabulary: vocabulary, configuration: configuration, file: file)
      return (try files.tokenizerJSON(), file)
    }
    throw TokenizerError(
      .missing, file: checkpoint.path,
      "it holds neither tokenizer.json nor vocab.txt; name a folder that has one (transformers' "
        + "AutoTokenizer.save_pretrained writes it), or a GGUF file")
  }
}
