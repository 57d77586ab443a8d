import FerryCheckpoints

/// A place where a text file is going to be: what would keep it from being written is found before there is
/// anything to write.
///
/// Nothing is there before ``write(_:)`` is done, and what was begun goes with the last reference.
public final class TextDestination {
  private let file: TemporaryFile

  /// The content of the file.
  public enum Contents: Sendable {
    /// A drawing of a run, ``WorkflowTimeline/svg``.
    case picture
    /// The requests of a run, ``WorkflowTimeline/traceDocument``.
    case trace
  }

  /// Begins the file. An existing file is an error unless it is of this kind and is to be replaced.
  public init(_ path: String, _ contents: Contents, replacing: Bool = false) throws {
    let sort: Destination.Sort = contents == .picture ? .svg : .trace
    file = try TemporaryFile(Destination(path, sort, replacing: replacing))
  }

  /// Writes the text, and gives the file its name.
  public func write(_ text: String) throws {
    let bytes = Array(text.utf8)
    try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    try file.finish()
  }
}
