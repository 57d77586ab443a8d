/// A weight that cannot be encoded or decoded.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable { case notFinite, exceedsHalf, wrongSize, unsupported }
    private let value: Value

    /// A weight holds NaN or infinity.
    public static let notFinite = Code(value: .notFinite)
    /// A weight is beyond ±65504, the range of the f16 that LLM.int8 starts from.
    public static let exceedsHalf = Code(value: .exceedsHalf)
    /// A buffer does not have the size that format and shape ask for.
    public static let wrongSize = Code(value: .wrongSize)
    /// The element type or block size is not one that the format knows.
    public static let unsupported = Code(value: .unsupported)
  }

  /// What went wrong.
  public let code: Code
  /// What went wrong, and the remedy.
  public let message: String
  /// The flat index of the element at fault, where there is one.
  public let index: Int?

  /// An error.
  public init(_ code: Code, _ message: String, index: Int? = nil) {
    self.code = code
    self.message = message
    self.index = index
  }

  /// The message.
  public var description: String { message }
}
