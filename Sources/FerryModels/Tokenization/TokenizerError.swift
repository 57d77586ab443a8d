/// A tokenizer that cannot be built from its files.
package struct TokenizerError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  package struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable { case missing, malformed, unsupported }
    private let value: Value

    /// There is no tokenizer where one is needed.
    package static let missing = Code(value: .missing)
    /// The description of the tokenizer contradicts itself or its format.
    package static let malformed = Code(value: .malformed)
    /// The description is sound, but asks for something Ferry does not implement.
    package static let unsupported = Code(value: .unsupported)
  }

  /// What went wrong.
  package let code: Code
  /// What went wrong, and the remedy.
  package let message: String
  /// The file that describes the tokenizer.
  package let file: String

  package init(_ code: Code, file: String, _ message: String) {
    self.code = code
    self.message = message
    self.file = file
  }

  /// File and message in one line.
  package var description: String { "\(file): \(message)" }
}
