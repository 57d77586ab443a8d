/// What differs between the templates of Mistral's models.
struct MistralStyle: Hashable, Sendable {
  /// The user's message that the system message is put into.
  enum SystemPlace: Hashable, Sendable {
    /// A system message is refused.
    case nowhere
    case first
    /// The last message, if it is the user's.
    case last
    /// The last message of the user's.
    case lastOfUser
  }

  /// Around a user's message.
  var start: String
  var end: String
  var systemPlace: SystemPlace
  /// Around an answer and the end token after it.
  var answerStart: String
  var stripsAnswers: Bool
  var answerEnd: String

  /// The message that takes the system message.
  func place(ofSystemIn messages: [ChatMessage]) -> Int? {
    switch systemPlace {
    case .nowhere: nil
    case .first: messages.first?.role == .user ? 0 : nil
    case .last: messages.last?.role == .user ? messages.count - 1 : nil
    case .lastOfUser: messages.lastIndex { $0.role == .user }
    }
  }
}
