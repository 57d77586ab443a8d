/// A picture that cannot be read or written.
public struct ImageError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable { case unavailable, malformed, tooLarge, unwritable }
    private let value: Value

    /// The system has no libpng.
    public static let unavailable = Code(value: .unavailable)
    /// The file is no PNG, or is damaged or truncated.
    public static let malformed = Code(value: .malformed)
    /// The picture does not fit into the machine's memory.
    public static let tooLarge = Code(value: .tooLarge)
    /// The picture could not be encoded.
    public static let unwritable = Code(value: .unwritable)
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
