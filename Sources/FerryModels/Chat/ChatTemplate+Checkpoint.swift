package import FerryCheckpoints

extension ChatTemplate {
  /// The chat template of a checkpoint: `tokenizer.chat_template` of a GGUF file; of a folder
  /// `chat_template.jinja`, else the `chat_template` of `tokenizer_config.json`, of several there the
  /// one named "default".
  package init(_ checkpoint: Checkpoint, _ tokenizer: Tokenizer) throws {
    let text =
      if let metadata = checkpoint.metadata {
        metadata.string("tokenizer.chat_template")
      } else {
        Self.text(
          jinja: try checkpoint.text("chat_template.jinja"),
          configuration: try checkpoint.document("tokenizer_config.json"))
      }
    try self.init(text, tokenizer)
  }

  /// The template among what a folder holds.
  static func text(jinja: String?, configuration: JSONValue?) -> String? {
    if let jinja { return jinja }
    let template = configuration?["chat_template"]
    if let text = template?.string { return text }
    return template?.array?.first { $0["name"]?.string == "default" }?["template"]?.string
  }

  /// The template of a model that may have none.
  package init(_ text: String?, _ tokenizer: Tokenizer) throws(ChatTemplateError) {
    guard let text else {
      throw ChatTemplateError(
        .missing,
        "the model has no chat template; write the prompt as the model expects it and use --raw")
    }
    try self.init(
      recognising: text, bos: tokenizer.bos.flatMap { tokenizer.piece($0) } ?? "",
      eos: tokenizer.eos.flatMap { tokenizer.piece($0) } ?? "")
  }
}
