import FerryCheckpoints
public import FerryImages

extension Image {
  /// Why PNG files can be neither read nor written here; nil where they can.
  public static var pngAbsence: String? {
    do throws(ImageError) {
      _ = try PNG()
      return nil
    } catch {
      return error.message
    }
  }

  /// Reads a PNG file through the system's libpng: gray, RGB or a palette, with alpha or without, of 1 to 16
  /// bits, interlaced or not.
  public init(pngAt path: String) throws {
    let png = try PNG()
    let bytes = try FileTree.contents(of: path)
    do {
      self = try bytes.withUnsafeBytes { (bytes) throws(ImageError) in try png.decode(bytes) }
    } catch let error as ImageError {
      throw ImageError(error.code, "\(path): \(error.message)")
    }
  }

  /// Writes a PNG file, which appears under its name only when it is complete.
  public func writePNG(to path: String, replacing: Bool = false) throws {
    try PNGDestination(path, replacing: replacing).write(self)
  }
}

/// A place where a PNG file is going to be: what would keep it from being written is found before the picture
/// is made.
///
/// Nothing is there before ``write(_:)`` is done, and what was begun goes with the last reference.
public final class PNGDestination {
  private let png: PNG
  private let file: TemporaryFile

  /// Begins the file; one that is there is an error unless it is to be replaced.
  public init(_ path: String, replacing: Bool = false) throws {
    png = try PNG()
    file = try TemporaryFile(destination: path, replacing: replacing)
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
