/// Something asked of Ferry as a whole that cannot be done.
///
/// Errors of one domain (devices, checkpoints, residency, models) come through as they are.
public struct FerryError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable {
      case unknownFamily, alreadyQuantized, notQuantized, noTokenizer, badArgument, exists,
        notFinite, pooled, noHostCopy, busy, closed, cacheDropped, elsewhere
    }
    private let value: Value

    /// The checkpoint is not of a model family that Ferry knows.
    public static let unknownFamily = Code(value: .unknownFamily)
    /// The checkpoint is quantized already.
    public static let alreadyQuantized = Code(value: .alreadyQuantized)
    /// The checkpoint has nothing to dequantize.
    public static let notQuantized = Code(value: .notQuantized)
    /// The checkpoint has no tokenizer.
    public static let noTokenizer = Code(value: .noTokenizer)
    /// An argument is outside what the model or the command takes.
    public static let badArgument = Code(value: .badArgument)
    /// The destination exists.
    public static let exists = Code(value: .exists)
    /// A result is NaN or infinite.
    public static let notFinite = Code(value: .notFinite)
    /// The model is in a pool, which alone moves it.
    public static let pooled = Code(value: .pooled)
    /// The model gave up its host copy.
    public static let noHostCopy = Code(value: .noHostCopy)
    /// The session answers already.
    public static let busy = Code(value: .busy)
    /// The session was closed.
    public static let closed = Code(value: .closed)
    /// The session's cache was given up when its model moved.
    public static let cacheDropped = Code(value: .cacheDropped)
    /// The model is not on the device that was asked for.
    public static let elsewhere = Code(value: .elsewhere)
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
