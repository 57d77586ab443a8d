/// The metadata of a PNG image that an enlarged copy keeps: color space, physical size and orientation.
public struct ImageMetadata: Sendable, Equatable {
  /// A chunk of the file, byte for byte.
  package struct Chunk: Sendable, Equatable {
    package let type: String
    package let data: [UInt8]

    package init(type: String, data: [UInt8]) {
      self.type = type
      self.data = data
    }
  }

  /// The chunk types that are kept: color (PNG 3, 11.3.2), resolution, and Exif data, which includes the orientation.
  static let types: Set<String> = [
    "cHRM", "gAMA", "iCCP", "sRGB", "cICP", "mDCV", "cLLI", "pHYs", "eXIf",
  ]

  package let chunks: [Chunk]

  /// Creates empty metadata.
  public init() { chunks = [] }

  package init(chunks: [Chunk]) { self.chunks = chunks }

  /// The types of the chunks, in file order: "iCCP", "pHYs" and so on.
  public var types: [String] { chunks.map(\.type) }

  /// Returns the metadata of an image `scale` times as large that is displayed at the same size: a resolution in pixels
  /// per meter is multiplied by `scale`. All other chunks stay byte for byte, including Exif data.
  package func scaled(by scale: Int) -> ImageMetadata {
    ImageMetadata(
      chunks: chunks.map { chunk in
        guard chunk.type == "pHYs", chunk.data.count == 9, chunk.data[8] == 1 else { return chunk }
        let axes = [chunk.data[0..<4], chunk.data[4..<8]].map { axis in
          axis.reduce(0) { $0 << 8 | Int($1) }
        }
        // PNG integers are smaller than 2^31.
        let data = axes.flatMap { axis in
          withUnsafeBytes(of: UInt32(min(axis * scale, Int(Int32.max))).bigEndian) { Array($0) }
        }
        return Chunk(type: chunk.type, data: data + [1])
      })
  }
}
