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

  /// Writes a PNG file, which appears under its name only when it is complete; the name must end in ".png".
  public func writePNG(to path: String, replacing: Bool = false) throws {
    try PNGDestination(path, replacing: replacing).write(self)
  }
}
