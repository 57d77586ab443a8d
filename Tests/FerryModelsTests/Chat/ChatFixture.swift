import FerryCheckpoints
import Foundation

@testable import FerryModels

/// What transformers renders of several conversations: a file that `Scripts/fixtures/chat.py` writes.
struct ChatFixture {
  /// A template and what transformers renders of each conversation; nil where it refuses.
  struct Entry {
    let name: String
    let text: String
    /// Without and with a generation prompt.
    let texts, prompts: [String?]

    init(_ value: JSONValue) {
      name = value["name"]?.string ?? ""
      text = value["template"]?.string ?? ""
      texts = (value["texts"]?.array ?? []).map(\.string)
      prompts = (value["prompts"]?.array ?? []).map(\.string)
    }
  }

  let conversations: [[ChatMessage]]
  let templates: [Entry]
  /// Templates near the known ones that print something else.
  let unknown: [Entry]
  /// The day that stands for the present one.
  let today: String

  static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/Chat")

  init(_ url: URL = Self.file.appending(path: "templates.json")) throws {
    let value = try JSONValue(parsing: [UInt8](Data(contentsOf: url)), file: url.lastPathComponent)
    conversations = (value["conversations"]?.array ?? []).map { conversation in
      (conversation.array ?? []).compactMap { message in
        guard let pair = message.array, let role = ChatMessage.Role(rawValue: pair[0].string ?? "")
        else { return nil }
        return ChatMessage(role, pair[1].string ?? "")
      }
    }
    templates = (value["templates"]?.array ?? []).map(Entry.init)
    unknown = (value["unknown"]?.array ?? []).map(Entry.init)
    today = value["today"]?.string ?? ""
  }

  /// What a template renders of each conversation, without and then with a generation prompt; nil where it refuses.
  func renderings(of template: ChatTemplate) -> [String?] {
    [false, true].flatMap { prompts in
      conversations.map {
        try? template.render($0, addingGenerationPrompt: prompts, today: today)
      }
    }
  }

  /// Whether a style prints what the reference does, for every conversation.
  func agrees(_ style: ChatTemplate.Style, _ entry: Entry) -> Bool {
    let rendered = renderings(of: ChatTemplate(style, bos: "<s>", eos: "</s>"))
    return zip(rendered, entry.texts + entry.prompts).allSatisfy { ours, expected in
      ours.map { Array($0.utf8) } == expected.map { Array($0.utf8) }
    }
  }
}
