extension ChatTemplate {
  func chatML(_ messages: [ChatMessage], _ systemMessage: String?, _ prompts: Bool) -> String {
    var messages = messages
    if let systemMessage, let first = messages.first, first.role != .system {
      messages.insert(ChatMessage(.system, systemMessage), at: 0)
    }
    let text = messages.map { "<|im_start|>\($0.role.rawValue)\n\($0.content)<|im_end|>\n" }
    return text.joined() + (prompts ? "<|im_start|>assistant\n" : "")
  }

  func headers(_ messages: [ChatMessage], _ prompts: Bool) -> String {
    (messages.isEmpty ? "" : bos) + turns(messages, prompts)
  }

  private func turns(_ messages: some Sequence<ChatMessage>, _ prompts: Bool) -> String {
    let text = messages.map { header($0.role.rawValue) + $0.content.stripped + "<|eot_id|>" }
    return text.joined() + (prompts ? header("assistant") : "")
  }

  private func header(_ role: String) -> String {
    "<|start_header_id|>\(role)<|end_header_id|>\n\n"
  }

  func datedHeaders(
    _ messages: [ChatMessage], _ cutoff: String, _ date: TemplateDate, _ today: String?,
    _ prompts: Bool
  ) -> String {
    let day =
      switch date {
      case .fixed(let day): day
      case .today: today ?? CalendarDay.today.description
      }
    let (system, rest) = Self.split(messages)
    return bos + header("system") + "Cutting Knowledge Date: \(cutoff)\nToday Date: \(day)\n\n"
      + (system ?? "").stripped + "<|eot_id|>" + turns(rest, prompts)
  }

  func llama2(_ messages: [ChatMessage]) throws(ChatTemplateError) -> String {
    let (system, rest) = Self.split(messages)
    try Self.checkTurns(rest)
    var text = ""
    for (index, message) in rest.enumerated() {
      if message.role == .assistant {
        text += " " + message.content.stripped + " " + eos
      } else {
        let lead = index == 0 ? system.map { "<<SYS>>\n\($0)\n<</SYS>>\n\n" } ?? "" : ""
        text += bos + "[INST] " + (lead + message.content).stripped + " [/INST]"
      }
    }
    return text
  }

  func mistral(
    _ messages: [ChatMessage], _ style: MistralStyle
  ) throws(ChatTemplateError) -> String {
    let (system, rest) = Self.split(messages)
    if system != nil, style.systemPlace == .nowhere {
      throw ChatTemplateError(
        .impossible,
        "the model's chat template has no system message; put it into the first message instead")
    }
    try Self.checkTurns(rest)
    let place = style.place(ofSystemIn: rest)
    if system != nil, place == nil {
      throw ChatTemplateError(
        .impossible,
        "the model's chat template puts the system message into the user's last message, and the "
          + "chat does not end with one; add it, or leave the system message out")
    }
    var text = bos
    for (index, message) in rest.enumerated() {
      if message.role == .assistant {
        let content = style.stripsAnswers ? message.content.stripped : message.content
        text += style.answerStart + content + eos + style.answerEnd
      } else {
        let lead = index == place ? system.map { $0 + "\n\n" } ?? "" : ""
        text += style.start + lead + message.content + style.end
      }
    }
    return text
  }

  /// The system message, if the first one is, and the others.
  private static func split(_ messages: [ChatMessage]) -> (system: String?, rest: [ChatMessage]) {
    guard let first = messages.first, first.role == .system else { return (nil, messages) }
    return (first.content, Array(messages.dropFirst()))
  }

  /// Users and assistants must take turns, beginning with a user.
  private static func checkTurns(_ messages: [ChatMessage]) throws(ChatTemplateError) {
    for (index, message) in messages.enumerated()
    where message.role != (index.isMultiple(of: 2) ? .user : .assistant) {
      throw ChatTemplateError(
        .impossible,
        "the model's chat template wants user and assistant to take turns after an optional system "
          + "message; message \(index) of the turns is from the \(message.role.rawValue)")
    }
  }
}
