/// A model that cannot be loaded or run as asked.
package struct ModelError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  package struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable {
      case unknownFamily, unsupported, malformed, missingWeight, unexpectedWeight, wrongShape
      case badToken, tooLong, busy, stateDropped
    }
    private let value: Value

    /// No family of models that Ferry runs is recognised.
    package static let unknownFamily = Code(value: .unknownFamily)
    /// The family is known, but the model uses something of it that is not implemented.
    package static let unsupported = Code(value: .unsupported)
    /// The configuration contradicts itself or lacks something.
    package static let malformed = Code(value: .malformed)
    /// The checkpoint lacks a weight.
    package static let missingWeight = Code(value: .missingWeight)
    /// The checkpoint has a weight that the model would not use.
    package static let unexpectedWeight = Code(value: .unexpectedWeight)
    /// A weight has other extents, or another element type, than the configuration asks for.
    package static let wrongShape = Code(value: .wrongShape)
    /// A token is not one of the vocabulary, or there is none.
    package static let badToken = Code(value: .badToken)
    /// More positions than the session or the model has.
    package static let tooLong = Code(value: .tooLong)
    /// The session runs a step already.
    package static let busy = Code(value: .busy)
    /// The session's cache was given up when the model moved.
    package static let stateDropped = Code(value: .stateDropped)
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
