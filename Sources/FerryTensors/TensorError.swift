/// Weights that are not where or what they should be.
public struct TensorError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable { case fileChanged, unreadable, missing }
    private let value: Value

    /// A mapped file is not the one that was loaded.
    public static let fileChanged = Code(value: .fileChanged)
    /// A file could not be opened, mapped or read.
    public static let unreadable = Code(value: .unreadable)
    /// The layout has no such weight.
    public static let missing = Code(value: .missing)
  }

  /// What went wrong.
  public let code: Code
  /// What went wrong, and the remedy.
  public let message: String
  /// The system's own words, where there are any.
  public let cause: String?

  /// An error.
  public init(_ code: Code, _ message: String, cause: String? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message, and the system's words behind it.
  public var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
