import FerryCheckpoints
import Foundation
import Testing

@testable import FerryModels

/// Equality with what transformers renders (`Scripts/fixtures/chat.py`).
struct ChatTemplateTests {
  private let fixture: JSONValue
  private let conversations: [[ChatMessage]]

  init() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "Fixtures/Chat/templates.json"))
    fixture = try JSONValue(parsing: [UInt8](data), file: "templates.json")
    conversations = (fixture["conversations"]?.array ?? []).map { conversation in
      (conversation.array ?? []).compactMap { message in
        guard let pair = message.array, let role = ChatMessage.Role(rawValue: pair[0].string ?? "")
        else { return nil }
        return ChatMessage(role, pair[1].string ?? "")
      }
    }
  }

  private func template(_ entry: JSONValue) throws -> ChatTemplate {
    try ChatTemplate(
      recognising: entry["template"]?.string ?? "", bos: "<s>", eos: "</s>")
  }

  @Test func rendersLikeTheReference() throws {
    let entries = fixture["templates"]?.array ?? []
    #expect(entries.count == 17 && conversations.count == 10)
    for entry in entries {
      guard let template = try? template(entry) else {
        Issue.record("\(entry["name"]?.string ?? "") is not recognised")
        continue
      }
      for (key, prompts) in [("texts", false), ("prompts", true)] {
        for (messages, expected) in zip(conversations, entry[key]?.array ?? []) {
          try expect(template, messages, prompts, gives: expected, entry)
        }
      }
    }
  }

  private func expect(
    _ template: ChatTemplate, _ messages: [ChatMessage], _ prompts: Bool, gives expected: JSONValue,
    _ entry: JSONValue
  ) throws {
    let render = {
      try template.render(
        messages, addingGenerationPrompt: prompts, today: fixture["today"]?.string)
    }
    if let text = expected.string {
      let rendered = try render()
      #expect(Array(rendered.utf8) == Array(text.utf8), "\(entry["name"]?.string ?? "")")
    } else {
      let error = #expect(throws: ChatTemplateError.self) { try render() }
      #expect(error?.code == .impossible, "\(entry["name"]?.string ?? ""): \(messages)")
    }
  }

  @Test func whatIsNotKnownIsAnErrorThatNamesRaw() throws {
    let entries = fixture["unknown"]?.array ?? []
    #expect(entries.count == 20)
    for entry in entries {
      let error = #expect(throws: ChatTemplateError.self, "\(entry["name"]?.string ?? "")") {
        try template(entry)
      }
      #expect(error?.code == .unknown)
      #expect(error?.message.contains("--raw") == true)
    }
  }

  /// A known template with anything printed besides is another template.
  @Test func anyAddedOutputMakesATemplateUnknown() throws {
    for entry in fixture["templates"]?.array ?? [] {
      let text = entry["template"]?.string ?? ""
      #expect(throws: ChatTemplateError.self, "\(entry["name"]?.string ?? "")") {
        try ChatTemplate(recognising: text + "!", bos: "", eos: "")
      }
    }
  }

  @Test func aModelWithoutTemplateIsAnErrorThatNamesRaw() throws {
    let tokenizer = try TokenizerFixture.tokenizer("gpt2")
    let error = #expect(throws: ChatTemplateError.self) { try ChatTemplate(nil, tokenizer) }
    #expect(error?.code == .missing)
    #expect(error?.message.contains("--raw") == true)
  }

  @Test func theTemplateIsFoundWhereFoldersKeepIt() {
    let one = JSONValue.object([.init("chat_template", .string("one"))])
    let named = { (name: String, text: String) in
      JSONValue.object([.init("name", .string(name)), .init("template", .string(text))])
    }
    let many = JSONValue.object([
      .init("chat_template", .array([named("tool_use", "two"), named("default", "three")]))
    ])
    #expect(ChatTemplate.text(jinja: "file", configuration: one) == "file")
    #expect(ChatTemplate.text(jinja: nil, configuration: one) == "one")
    #expect(ChatTemplate.text(jinja: nil, configuration: many) == "three")
    #expect(ChatTemplate.text(jinja: nil, configuration: nil) == nil)
  }

  @Test func templatesThatAskForTheDayGetIt() throws {
    let entry = try #require(
      fixture["templates"]?.array?.first { $0["name"]?.string == "Llama 3.2" })
    let text = try template(entry).render([ChatMessage(.user, "x")])
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "dd MMM yyyy"
    // Midnight may pass between the two.
    let days = [Date(), Date(timeIntervalSinceNow: -60)].map(formatter.string)
    #expect(days.contains { text.contains("Today Date: \($0)\n\n") })
  }
}
