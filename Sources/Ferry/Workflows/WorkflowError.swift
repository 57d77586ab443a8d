/// A workflow or trace file that says something that cannot be done, and where.
public struct WorkflowError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The line, from 1 on; nil where the whole file is meant.
  public let line: Int?
  /// What is wrong there, and the remedy.
  public let message: String

  /// The place and the message, as compilers write them.
  public var description: String {
    line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
  }
}
