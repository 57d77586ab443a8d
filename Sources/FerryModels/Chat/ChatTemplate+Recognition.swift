extension ChatTemplate.Style {
  /// The style of a template; nil if it is not known.
  init?(recognising outline: TemplateOutline) {
    // Text outside of tags, and what only reasoning and seeing models have, is not known.
    let strange = ["<think", "reasoning", "thinking", "<|vision", "<|image", "[IMG]"]
    if outline.printsPlainText || strange.contains(where: outline.code.containsText) { return nil }
    let style =
      Self.chatML(outline) ?? Self.headers(outline) ?? Self.llama2(outline)
      ?? Self.mistral(outline)
    guard let style else { return nil }
    self = style
  }

  private static func chatML(_ outline: TemplateOutline) -> Self? {
    let start = "'<|im_start|>'+message['role']+'\n'+message['content']+'<|im_end|>"
    let turns: Set<String> = [start + "'+'\n'", start + "\n'"]
    let prompt = "'<|im_start|>assistant\n'"
    // A system message that is printed by itself, and what only tools lead to.
    let known = turns.union([
      prompt, "'<|im_start|>system\n'+messages[0]['content']+'<|im_end|>\n'",
      "'<|im_start|>system\n'", "'<|im_start|>'+message['role']", "'<|im_start|>user'",
    ])
    let outputs = outline.outputs.map(String.init)
    guard !turns.isDisjoint(with: outputs), outputs.contains(prompt),
      outline.code.containsText("{%if add_generation_prompt%}{{\(prompt)}}{%endif%}"),
      !outputs.contains(where: printsMore)
    else { return nil }
    let others = Set(outputs).subtracting(known)
    let starts = others.filter { $0.containsText("<|im_start|>") }
    let systemMessage = starts.first.flatMap(literal)
    guard starts.count == (systemMessage == nil ? 0 : 1),
      others.subtracting(starts).allSatisfy({ servesTools($0, systemMessage, outline) })
    else { return nil }
    return .chatML(systemMessage: systemMessage)
  }

  /// Whether an output of a ChatML template is one of those that only tools lead to.
  private static func servesTools(
    _ output: String, _ systemMessage: String?, _ outline: TemplateOutline
  ) -> Bool {
    let known = [
      "messages[0]['content']", "'\n'", "'\n'+message['content']", "message['content']",
      "'\", \"arguments\": '", "'<|im_end|>\n'", "'\(systemMessage ?? "")'",
    ]
    return outline.code.containsText("{%if tools%}")
      && (known.contains(output) || output.containsText("tool"))
  }

  /// The system message that an output of a ChatML template consists of.
  private static func literal(_ output: String) -> String? {
    let opening = "'<|im_start|>system\n"
    let closing = "<|im_end|>\n'"
    let found = output.textBetween(opening, and: closing)
    guard found.count == 1, !found[0].containsText("'"),
      output.utf8.elementsEqual((opening + found[0] + closing).utf8)
    else { return nil }
    return found[0]
  }

  /// Whether an output of a ChatML template does something to what it prints.
  private static func printsMore(_ output: String) -> Bool {
    ["|trim", "strip(", "bos_token", "eos_token", "|upper", "|lower"]
      .contains(where: output.containsText)
  }

  private static func headers(_ outline: TemplateOutline) -> Self? {
    let code = outline.code
    let prompt = "{{'<|start_header_id|>assistant<|end_header_id|>\n\n'}}"
    let turn =
      "'<|start_header_id|>'+message['role']+'<|end_header_id|>\n\n'+message['content']|trim"
      + "+'<|eot_id|>'"
    guard code.containsText(turn), code.containsText(prompt) else { return nil }
    let isConditional = code.containsText("{%if add_generation_prompt%}" + prompt)
    guard isConditional || !code.containsText("{%if add_generation_prompt") else { return nil }
    if code.containsText("Cutting Knowledge Date") { return dated(code, isConditional) }
    let begins = "{%if loop.index0==0%}{%set content=bos_token+content%}{%endif%}{{content}}"
    guard code.containsText(begins),
      outline.outputs.allSatisfy({ $0 == "content" || "{{\($0)}}" == prompt })
    else { return nil }
    return .headers(alwaysPrompts: !isConditional)
  }

  private static func dated(_ code: String, _ isConditional: Bool) -> Self? {
    let cutoffs = code.textBetween("{{'Cutting Knowledge Date: ", and: "\n'}}")
    let days = code.textBetween("{%set date_string='", and: "'%}")
    guard isConditional, code.hasPrefix("{{bos_token}}"), cutoffs.count == 1, days.count == 1,
      code.containsText("{{'<|start_header_id|>system<|end_header_id|>\n\n'}}"),
      code.containsText("{%set system_message=messages[0]['content']|trim%}"),
      code.containsText("{%set system_message=''%}"),
      code.containsText("{{'Today Date: '+date_string+'\n\n'}}"),
      code.containsText("{{system_message}}{{'<|eot_id|>'}}")
    else { return nil }
    let isToday = code.containsText("{%set date_string=strftime_now('%d %b %Y')%}")
    guard isToday || !code.containsText("strftime_now") else { return nil }
    return .datedHeaders(cutoff: cutoffs[0], date: isToday ? .today : .fixed(days[0]))
  }

  private static func llama2(_ outline: TemplateOutline) -> Self? {
    let code = outline.code
    let system = "'<<SYS>>\n'+system_message+'\n<</SYS>>\n\n'+message['content']"
    guard code.containsText(system), code.containsText("{%set system_message=false%}"),
      !code.containsText("{%set system_message='"),
      printsOnly(
        ["bos_token+'[INST] '+content.strip()+' [/INST]'", "' '+content.strip()+' '+eos_token"],
        outline)
    else { return nil }
    return .llama2
  }

  /// Whether a template prints all of these and nothing else; refusing a chat prints nothing.
  private static func printsOnly(_ outputs: Set<String>, _ outline: TemplateOutline) -> Bool {
    Set(outline.outputs.map(String.init).filter { !$0.hasPrefix("raise_exception(") }) == outputs
  }

  private static func mistral(_ outline: TemplateOutline) -> Self? {
    let outputs = outline.outputs.map(String.init)
    guard outputs.contains("bos_token"), !outline.code.containsText("add_generation_prompt"),
      !outline.code.containsText("{%set system_message='"),
      let (start, end) = mistralUser(outputs), let answer = mistralAnswer(outputs),
      let place = mistralSystemPlace(outline, start, end),
      outline.code.containsText("tools") || outputs.filter(isTurn).count + 1 == outputs.count
    else { return nil }
    return .mistral(
      MistralStyle(
        start: start, end: end, systemPlace: place, answerStart: answer.start,
        stripsAnswers: answer.strips, answerEnd: answer.end))
  }

  /// Whether an output of Mistral's prints a message, or refuses the chat.
  private static func isTurn(_ output: String) -> Bool {
    output.containsText("message['content']") || output.hasPrefix("raise_exception(")
  }

  private static func mistralUser(_ outputs: [String]) -> (start: String, end: String)? {
    let users = outputs.flatMap { $0.wholeBetween("'", and: "'+message['content']+'", "'") }
    let known = Set(users.filter { $0[0].hasSuffix("[INST]") || $0[0].hasSuffix("[INST] ") })
    guard known.count == 1, let user = known.first, user[1].hasSuffix("[/INST]") else { return nil }
    return (user[0], user[1])
  }

  private static func mistralAnswer(
    _ outputs: [String]
  ) -> (start: String, strips: Bool, end: String)? {
    let answers = Set(
      outputs.filter { $0.containsText("message['content']") && $0.containsText("eos_token") })
    guard answers.count == 1, let answer = answers.first else { return nil }
    return switch answer {
    case "message['content']+eos_token": ("", false, "")
    case "message['content']+eos_token+' '": ("", false, " ")
    case "' '+message['content']+eos_token": (" ", false, "")
    case "' '+message['content']|trim+eos_token": (" ", true, "")
    case "message['content']|trim+eos_token": ("", true, "")
    default: nil
    }
  }

  /// Where the system message goes; nil if the template has one in an unknown way.
  private static func mistralSystemPlace(
    _ outline: TemplateOutline, _ start: String, _ end: String
  ) -> MistralStyle.SystemPlace? {
    let code = outline.code
    guard code.containsText("system_message") else {
      return code.containsText("raise_exception") ? .nowhere : nil
    }
    let output = "{{'\(start)'+system_message+'\n\n'+message['content']+'\(end)'}}"
    let places: [(String, MistralStyle.SystemPlace)] = [
      ("{%if loop.first and system_message is defined", .first),
      ("{%if loop.last and system_message is defined", .last),
      ("{%if(message==user_messages[-1])and system_message is defined", .lastOfUser),
    ]
    let found = places.filter { code.containsText("\($0.0)%}\(output)") }
    return found.count == 1 ? found[0].1 : nil
  }
}

extension String {
  /// The two texts of an expression that is nothing but `opening`, a text, `middle`, a text, `closing`.
  fileprivate func wholeBetween(
    _ opening: String, and middle: String, _ closing: String
  ) -> [[String]] {
    guard hasPrefix(opening), hasSuffix(closing) else { return [] }
    let inner = String(dropFirst(opening.count).dropLast(closing.count))
    guard let first = (opening + inner).textBetween(opening, and: middle).first else { return [] }
    let second = String(inner.dropFirst((first + middle).count))
    return first.containsText("'") || second.containsText("'") ? [] : [[first, second]]
  }
}
