package import FerryCheckpoints

extension Tokenizer {
  /// The tokenizer of a checkpoint: from the metadata of a GGUF file, or from `tokenizer.json` of a
  /// folder, or from BERT's `vocab.txt` where there is no other. The tokens that end a generation are gathered from wherever the checkpoint names them.
  package init(_ checkpoint: Checkpoint) throws {
    if let metadata = checkpoint.metadata {
      try self.init(gguf: metadata, file: checkpoint.path)
    } else if let documents = checkpoint.documents {
      try self.init(documents, configuration: checkpoint.configuration)
    } else {
      throw TokenizerError.missing(in: checkpoint.path)
    }
  }

  /// Reads the tokenizer at a path: that of a folder, with or without weights; that of a `tokenizer.json` or
  /// `vocab.txt` file, with the `tokenizer_config.json` beside it; or that of a GGUF file.
  package init(path: String) throws {
    if FileTree.isFolder(path) {
      let documents = FolderDocuments(path: path)
      try self.init(documents, configuration: try documents.document("config.json"))
      return
    }
    let (folder, name) = FileTree.split(path)
    let documents = FolderDocuments(path: folder)
    let configuration = { try documents.document("tokenizer_config.json") }
    if name.utf8.reversed().starts(with: ".json".utf8.reversed()),
      let json = try documents.document(name)
    {
      try self.init(tokenizerJSON: json, configuration: try configuration(), file: path)
    } else if name == "vocab.txt", let vocabulary = try documents.text(name) {
      try self.init(vocabulary: vocabulary, configuration: try configuration(), file: path)
    } else {
      try self.init(Checkpoint(path: path))
    }
  }

  /// The folder's `tokenizer.json`, or what its `vocab.txt` stands for.
  private init(_ documents: FolderDocuments, configuration: JSONValue?) throws {
    let tokenizerConfiguration = try documents.document("tokenizer_config.json")
    if let json = try documents.document("tokenizer.json") {
      try self.init(
        tokenizerJSON: json, configuration: tokenizerConfiguration,
        file: documents.path + "/tokenizer.json")
    } else if let vocabulary = try documents.text("vocab.txt") {
      try self.init(
        vocabulary: vocabulary, configuration: tokenizerConfiguration,
        file: documents.path + "/vocab.txt")
    } else {
      throw TokenizerError.missing(in: documents.path)
    }
    for configuration in [try documents.document("generation_config.json"), configuration] {
      if let configuration { addEndOfText(from: configuration) }
    }
  }

  private init(
    vocabulary: String, configuration: JSONValue?, file: String
  ) throws(TokenizerError) {
    let files = WordPieceFiles(vocabulary: vocabulary, configuration: configuration, file: file)
    try self.init(
      tokenizerJSON: try files.tokenizerJSON(), configuration: configuration, file: file)
  }
}

extension TokenizerError {
  fileprivate static func missing(in path: String) -> TokenizerError {
    TokenizerError(
      .missing, file: path,
      "it holds neither tokenizer.json nor vocab.txt; name a folder that has one (transformers' "
        + "AutoTokenizer.save_pretrained writes it), or a GGUF file")
  }
}
