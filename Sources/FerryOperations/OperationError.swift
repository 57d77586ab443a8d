/// An operation that cannot be done on what it was given.
public struct OperationError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable { case unsupported, shapeMismatch, wrongDevice }
    private let value: Value

    /// The format or element type is not one the operation takes.
    public static let unsupported = Code(value: .unsupported)
    /// The shapes do not fit each other.
    public static let shapeMismatch = Code(value: .shapeMismatch)
    /// An operand lies on another device than the operation runs on.
    public static let wrongDevice = Code(value: .wrongDevice)
  }

  /// What went wrong.
  public let code: Code
  /// What went wrong, and the remedy.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
