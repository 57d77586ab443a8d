import FerryCheckpoints
public import FerryImages

/// A place where a PNG file is going to be: what would keep it from being written is found before the picture
/// is made.
///
/// Nothing is there before ``write(_:)`` is done, and what was begun goes with the last reference.
public final class PNGDestination {
  private let png: PNG
  private let file: TemporaryFile

  /// Returns the reason a PNG file may not have this name; nil if it may.
  public static func nameFault(_ path: String) -> String? {
    guard !path.lowercased().hasSuffix(".png") else { return nil }
    return "'\(path)' does not end in .png, and a PNG file is written; give it such a name"
  }

  /// Begins the file, whose name must end in ".png". An existing file is an error unless it is a PNG file and is to be
  /// replaced.
  /// - Parameter inputs: Input files, which are never replaced.
  public init(_ path: String, replacing: Bool = false, inputs: [String] = []) throws {
    if let fault = Self.nameFault(path) { throw FerryError(.badArgument, fault) }
    png = try PNG()
    file = try TemporaryFile(Destination(path, .png, replacing: replacing, inputs: inputs))
  }

  /// Writes the picture, and gives the file its name.
  public func write(_ image: Image) throws {
    var offset = 0
    try png.encode(image) { bytes in
      try file.write(bytes, at: offset)
      offset += bytes.count
    }
    try file.finish()
  }
}
