import FerryModels

/// What was said in a session.
struct Conversation: Sendable {
  private let system: String?
  /// Whether it is written in the model's chat template; else each text follows the one before as it is.
  private let isChat: Bool
  private(set) var turns: [ModelSession.Turn] = []
  /// The tokens of all turns, without a template.
  private var tokens: [Int] = []

  init(system: String?, isChat: Bool) {
    (self.system, self.isChat) = (system, isChat)
  }

  /// All of it up to an answer to `prompt`.
  func tokens(asking prompt: String, in text: ModelText) throws -> [Int] {
    guard isChat else {
      return tokens + text.tokenizer.encode(prompt, addingSpecialTokens: tokens.isEmpty)
    }
    let past = turns.flatMap {
      [ChatMessage(.user, $0.prompt), ChatMessage(.assistant, $0.answer)]
    }
    let head = system.map { [ChatMessage(.system, $0)] } ?? []
    return try text.prompt(head + past + [ChatMessage(.user, prompt)])
  }

  /// Adds a turn, up to which the conversation has these tokens.
  mutating func add(_ turn: ModelSession.Turn, _ tokens: [Int]) {
    turns.append(turn)
    if !isChat { self.tokens = tokens }
  }
}
