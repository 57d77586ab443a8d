package import FerryCheckpoints

extension ChatTemplate {
  /// The template among what a HF folder holds: `chat_template.jinja` before the `chat_template` of
  /// `tokenizer_config.json`, of several there the one named "default".
  package static func text(jinja: String?, configuration: JSONValue?) -> String? {
    if let jinja { return jinja }
    let template = configuration?["chat_template"]
    if let text = template?.string { return text }
    return template?.array?.first { $0["name"]?.string == "default" }?["template"]?.string
  }

  /// The template in the metadata of a GGUF file.
  package static func text(_ metadata: GGUFMetadata) -> String? {
    metadata.string("tokenizer.chat_template")
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
