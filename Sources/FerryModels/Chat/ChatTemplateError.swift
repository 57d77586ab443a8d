/// A chat that cannot be put into the form its model was trained on.
package struct ChatTemplateError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  package struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable { case missing, unknown, impossible }
    private let value: Value

    /// The model has no chat template.
    package static let missing = Code(value: .missing)
    /// The model has a chat template that Ferry does not know.
    package static let unknown = Code(value: .unknown)
    /// The template does not allow these messages.
    package static let impossible = Code(value: .impossible)
  }

  /// What went wrong.
  package let code: Code
  /// What went wrong, and the remedy.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  package var description: String { message }
}
