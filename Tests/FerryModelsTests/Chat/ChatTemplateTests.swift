import FerryCheckpoints
import Foundation
import Testing

@testable import FerryModels

/// Equality with what transformers renders (`Scripts/fixtures/chat.py`).
struct ChatTemplateTests {
  private let fixture: ChatFixture

  init() throws { fixture = try ChatFixture() }

  private func template(_ entry: ChatFixture.Entry) throws -> ChatTemplate {
    try ChatTemplate(recognising: entry.text, bos: "<s>", eos: "</s>")
  }

  @Test func rendersLikeTheReference() throws {
    #expect(fixture.templates.count == 17 && fixture.conversations.count == 10)
    for entry in fixture.templates {
      guard let template = try? template(entry) else {
        Issue.record("\(entry.name) is not recognised")
        continue
      }
      for (expected, prompts) in [(entry.texts, false), (entry.prompts, true)] {
        for (messages, text) in zip(fixture.conversations, expected) {
          try expect(template, messages, prompts, gives: text, entry)
        }
      }
    }
  }

  private func expect(
    _ template: ChatTemplate, _ messages: [ChatMessage], _ prompts: Bool, gives expected: String?,
    _ entry: ChatFixture.Entry
  ) throws {
    let render = {
      try template.render(messages, addingGenerationPrompt: prompts, today: fixture.today)
    }
    if let expected {
      let rendered = try render()
      #expect(Array(rendered.utf8) == Array(expected.utf8), "\(entry.name)")
    } else {
      let error = #expect(throws: ChatTemplateError.self) { try render() }
      #expect(error?.code == .impossible, "\(entry.name): \(messages)")
    }
  }

  @Test func whatIsNotKnownIsAnErrorThatNamesRaw() throws {
    #expect(fixture.unknown.count == 20)
    for entry in fixture.unknown {
      let error = #expect(throws: ChatTemplateError.self, "\(entry.name)") { try template(entry) }
      #expect(error?.code == .unknown)
      #expect(error?.message.contains("--raw") == true)
    }
  }

  /// A known template with anything printed besides is another template.
  @Test func anyAddedOutputMakesATemplateUnknown() throws {
    for entry in fixture.templates {
      #expect(throws: ChatTemplateError.self, "\(entry.name)") {
        try ChatTemplate(recognising: entry.text + "!", bos: "", eos: "")
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
    let entry = try #require(fixture.templates.first { $0.name == "Llama 3.2" })
    let text = try template(entry).render([ChatMessage(.user, "x")])
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "dd MMM yyyy"
    // Midnight may pass between the two.
    let days = [Date(), Date(timeIntervalSinceNow: -60)].map(formatter.string)
    #expect(days.contains { text.contains("Today Date: \($0)\n\n") })
  }
}
