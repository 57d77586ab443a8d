/// The format in which a model was trained to see a chat.
///
/// Templates are Jinja programs; those of the supported families are built in. A template is recognized as a whole: its
/// normal form (``TemplateNormalForm``) must be that of a known template (``KnownTemplates``). A different statement,
/// expression, string or number anywhere makes it unknown.
package struct ChatTemplate: Sendable {
  /// What a template prints.
  enum Style: Hashable, Sendable {
    /// `<|im_start|>role\n…<|im_end|>\n`, with a system message put first where there is none.
    case chatML(systemMessage: String?)
    /// `<|start_header_id|>role<|end_header_id|>\n\n…<|eot_id|>`.
    case headers(alwaysPrompts: Bool)
    /// Headers with a system message that tells the date.
    case datedHeaders(cutoff: String, date: TemplateDate)
    /// `[INST] <<SYS>>`.
    case llama2
    /// `[INST]`, in the ways of Mistral.
    case mistral(MistralStyle)
  }

  /// The date that a template prints.
  enum TemplateDate: Hashable, Sendable {
    /// Always this one.
    case fixed(String)
    /// The day of rendering.
    case today
  }

  let style: Style
  let bos: String
  let eos: String

  /// Recognises a template. `bos` and `eos` are the texts of the tokens that it may print.
  package init(recognising template: String, bos: String, eos: String) throws(ChatTemplateError) {
    guard let form = TemplateNormalForm(template), let style = KnownTemplates.style(of: form) else {
      throw ChatTemplateError(
        .unknown,
        "the model's chat template is none of those that are built in (the published ones of ChatML, "
          + "SmolLM2, Qwen2, Llama 2, Llama 3 and Mistral, unaltered); write the prompt as the model "
          + "expects it and use --raw")
    }
    self.init(style, bos: bos, eos: eos)
  }

  init(_ style: Style, bos: String, eos: String) {
    self.style = style
    self.bos = bos
    self.eos = eos
  }

  /// The text of a chat, `bos` included where the template prints it: encode it without adding
  /// special tokens. With `addingGenerationPrompt` the answer of the model may follow.
  ///
  /// Some templates print the day of rendering; `today` replaces it ("26 Jul 2024").
  package func render(
    _ messages: [ChatMessage], addingGenerationPrompt: Bool = true, today: String? = nil
  ) throws(ChatTemplateError) -> String {
    switch style {
    case .chatML(let systemMessage):
      return chatML(messages, systemMessage, addingGenerationPrompt)
    case .headers(let alwaysPrompts):
      return headers(messages, addingGenerationPrompt || alwaysPrompts)
    case .datedHeaders(let cutoff, let date):
      return datedHeaders(messages, cutoff, date, today, addingGenerationPrompt)
    case .llama2: return try llama2(messages)
    case .mistral(let style): return try mistral(messages, style)
    }
  }
}
