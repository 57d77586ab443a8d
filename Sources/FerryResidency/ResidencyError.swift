/// Weights that could not be moved or held.
public struct ResidencyError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  public struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable {
      case busy, verificationFailed, noRoom, deadlock, unknownModel, nameTaken, absent, notReleased
    }
    private let value: Value

    /// A step or another move is running, and the caller did not want to wait.
    public static let busy = Code(value: .busy)
    /// The bytes that arrived are not the bytes that left.
    public static let verificationFailed = Code(value: .verificationFailed)
    /// A model is larger than what the budget leaves.
    public static let noRoom = Code(value: .noRoom)
    /// Tasks that hold models wait for each other.
    public static let deadlock = Code(value: .deadlock)
    /// A pool has no model of that name.
    public static let unknownModel = Code(value: .unknownModel)
    /// A part of a model that a step needs is not on its device.
    public static let absent = Code(value: .absent)
    /// A model could not be taken off its device, and stays there.
    public static let notReleased = Code(value: .notReleased)
    /// A pool has a model of that name already.
    public static let nameTaken = Code(value: .nameTaken)
  }

  /// What went wrong.
  public let code: Code
  /// What went wrong, and the remedy.
  public let message: String
  /// The error behind it, where there is one.
  public let cause: (any Error)?

  /// An error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message, and the error behind it.
  public var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
