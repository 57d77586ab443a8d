/// What a PNG file says of its picture beside the samples, and a larger picture of the same keeps: what its
/// colours are, how large it is to be shown or printed, and which way up.
public struct ImageMetadata: Sendable, Equatable {
  /// A part of a file as it stands there.
  package struct Chunk: Sendable, Equatable {
    package let type: String
    package let data: [UInt8]

    package init(type: String, data: [UInt8]) {
      self.type = type
      self.data = data
    }
  }

  /// What is kept: colours (PNG 3, 11.3.2), resolution, and Exif data with the orientation.
  static let types: Set<String> = [
    "cHRM", "gAMA", "iCCP", "sRGB", "cICP", "mDCV", "cLLI", "pHYs", "eXIf",
  ]

  package let chunks: [Chunk]

  /// Nothing.
  public init() { chunks = [] }

  package init(chunks: [Chunk]) { self.chunks = chunks }

  /// The parts that are there, in the order of the file: "iCCP", "pHYs" and the like.
  public var types: [String] { chunks.map(\.type) }

  /// What holds for a picture `scale` times as large that is to be shown at the same size: a resolution in
  /// pixels per metre grows with it. All else stays byte for byte, Exif data too.
  package func scaled(by scale: Int) -> ImageMetadata {
    ImageMetadata(
      chunks: chunks.map { chunk in
        guard chunk.type == "pHYs", chunk.data.count == 9, chunk.data[8] == 1 else { return chunk }
        let axes = [chunk.data[0..<4], chunk.data[4..<8]].map { axis in
          axis.reduce(0) { $0 << 8 | Int($1) }
        }
        // A chunk holds numbers below 2^31.
        let data = axes.flatMap { axis in
          withUnsafeBytes(of: UInt32(min(axis * scale, Int(Int32.max))).bigEndian) { Array($0) }
        }
        return Chunk(type: chunk.type, data: data + [1])
      })
  }
}
