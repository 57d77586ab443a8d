/// The chat templates that Ferry renders, identified by the digests of their normal forms.
///
/// The output of each was compared with transformers': for the templates in the test fixtures in every test run, for
/// the published ones (whose text is not part of Ferry) by `Scripts/fixtures/chat.py --published`.
enum KnownTemplates {
  /// Returns the style of a template; nil if its normal form is not a known one.
  static func style(of form: TemplateNormalForm) -> ChatTemplate.Style? {
    guard let kind = kinds[SHA256(form.bytes).hexadecimal] else { return nil }
    return kind.style(form.values)
  }

  /// The output of a known normal form, apart from the values of its slots.
  enum Kind: Hashable, Sendable {
    case chatML
    case headers(alwaysPrompts: Bool)
    /// Headers with a date: the current day, or the date in the slot.
    case datedHeaders(today: Bool)
    case llama2
    case mistral(MistralStyle)

    func style(_ values: [TemplateNormalForm.Slot: String]) -> ChatTemplate.Style? {
      switch self {
      case .chatML: return .chatML(systemMessage: values[.system])
      case .headers(let alwaysPrompts): return .headers(alwaysPrompts: alwaysPrompts)
      case .datedHeaders(let today):
        guard let cutoff = values[.cutoff], let date = values[.date] else { return nil }
        return .datedHeaders(cutoff: cutoff, date: today ? .today : .fixed(date))
      case .llama2: return .llama2
      case .mistral(let style): return .mistral(style)
      }
    }
  }

  static let kinds: [String: Kind] = [
    // ChatML; Hermes 2.5
    "9abe5883f24188a491093ed21d94887707e6eb14a1054ce64f87bdb14e978eed": .chatML,
    // Dolphin
    "2505f000b98a280bd812c6e8a1043c3119ad15ad0a3e6ccc53e99a8cf49530ea": .chatML,
    // SmolLM2, Qwen1.5, Qwen2
    "8f35dae97201b202621b3b608949521fbebb35b1829d1a63306968fd4ba557a8": .chatML,
    // Qwen2.5, without tools
    "ea03936318fe90a854e2a379f6af06cb594157ff40981bf932e2a20cc7dcd23c": .chatML,
    // Qwen2.5
    "ad88deef6187078a62d78a895fe4ba8bd62f808ef52d4b0a6e21db42d7cdd727": .chatML,
    // Qwen2.5, in Unsloth's layout
    "cd9fede99154ed767c72705a568c355b1bbbf4f7ea33bf75f0832b148aa1ffb5": .chatML,
    // ChatML by Unsloth
    "696797e3215c178be83d39e53dff7fc0f8dee6e43459ce1df74e1a71cbdb98d7": .chatML,
    // Llama 2
    "180b3ff821ae6941f5b28d6a4c400b8a299484bef0db244b33b41daa01cab8cc": .llama2,
    // Llama 2, with `trim`
    "4e17f04dfeac9c5b37e776cca5097c15497c2d108c2a6613552f775aaff1295c": .llama2,
    // Llama 3
    "a149c60e56e593df9d8cba298a6f1d7b6b9702fd1103c2bd3211c911e0fbb6b8": .headers(
      alwaysPrompts: false),
    // Llama 3 as first published
    "69bc993efe98681ba3970251a4aa902c79e54e00e188d876070463344bcf9c85": .headers(
      alwaysPrompts: true),
    // Llama 3.1, without tools
    "ee09c4ea04945462e9d86f9eda8bcc53d6e9c6341fb2c0c9957c7eb550e09491": .datedHeaders(today: false),
    // Llama 3.1
    "ff175bce4f1540ad7cd468683fe20091e6288056e8aaafa191d175c4d913117e": .datedHeaders(today: false),
    // Llama 3.2, without tools
    "d45d9fbd7636e249191073d439c61d02a9aca254362dab8153b626bc67de5610": .datedHeaders(today: true),
    // Llama 3.2
    "27fe68ef5a5599125b27d1b89a5d0e39bccdf2c237cb2b398252f330de2fa90c": .datedHeaders(today: true),
    // Mistral 0.1
    "bbb6f412c02e2be8a96cde06271373ee5bffa07c683967206a15889d7011c7b4": .mistral(
      MistralStyle(
        start: "[INST] ", end: " [/INST]", systemPlace: .nowhere, answerStart: "",
        stripsAnswers: false,
        answerEnd: " ")),
    // Mistral 0.2, Mixtral 0.1
    "4e66c2133e41c660d3892319521f883b2b87f00fe5c41cf652d35c3373f33e8e": .mistral(
      MistralStyle(
        start: "[INST] ", end: " [/INST]", systemPlace: .nowhere, answerStart: "",
        stripsAnswers: false,
        answerEnd: "")),
    // Mistral v1
    "644a5e25d53e0da46baeb1d151ea709d7a5e7088da4b4611bc9c452fbdc0562b": .mistral(
      MistralStyle(
        start: " [INST] ", end: " [/INST]", systemPlace: .first, answerStart: " ",
        stripsAnswers: false,
        answerEnd: "")),
    // Mistral v2
    "7edff9c5cd23b1676e0a18208cb135523eef7789aa4255e475497ca82bfbfbf9": .mistral(
      MistralStyle(
        start: "[INST] ", end: "[/INST]", systemPlace: .last, answerStart: " ", stripsAnswers: true,
        answerEnd: "")),
    // Mistral v3
    "c795d17e801ca80ae6d0fd73a183e7e978d436291e1266cb3a805d598c399f9a": .mistral(
      MistralStyle(
        start: "[INST] ", end: "[/INST]", systemPlace: .lastOfUser, answerStart: " ",
        stripsAnswers: true,
        answerEnd: "")),
    // Mistral v3, tekken, without tools
    "7d3d274f5408daa478b8d17a9496a298081cf33396a2687a9e8df685727dd373": .mistral(
      MistralStyle(
        start: "[INST]", end: "[/INST]", systemPlace: .last, answerStart: "", stripsAnswers: false,
        answerEnd: "")),
    // Mistral Nemo 2407
    "93a04040139efe480701260a69646615eaf1818d3c91d7cfe4272e62677a3df5": .mistral(
      MistralStyle(
        start: "[INST]", end: "[/INST]", systemPlace: .last, answerStart: "", stripsAnswers: false,
        answerEnd: "")),
  ]
}
