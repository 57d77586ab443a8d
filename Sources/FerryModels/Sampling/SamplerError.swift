/// Logits or settings that no token can be chosen by.
package struct SamplerError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  package struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable { case setting, noLogits, notANumber, nothingPossible }
    private let value: Value

    /// A setting is out of its range.
    package static let setting = Code(value: .setting)
    /// There are no logits at all.
    package static let noLogits = Code(value: .noLogits)
    /// A logit is NaN or +∞.
    package static let notANumber = Code(value: .notANumber)
    /// Every logit is -∞.
    package static let nothingPossible = Code(value: .nothingPossible)
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
