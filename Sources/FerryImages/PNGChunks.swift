/// The chunks of a PNG file, each `length, type, data, checksum` (PNG 3, 5.3).
struct PNGChunks {
  private let bytes: UnsafeRawBufferPointer
  /// The read position, starting after the signature.
  private var position = 8

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Returns the chunks of a decodable file that ``ImageMetadata`` keeps: the first of each type, if it is in a valid
  /// position. A chunk with a wrong checksum is ignored, as libpng does.
  static func metadata(of bytes: UnsafeRawBufferPointer) -> ImageMetadata {
    var file = PNGChunks(bytes)
    var chunks: [ImageMetadata.Chunk] = []
    var isBehindPixels = false
    while let (type, data) = file.next(), type != "IEND" {
      isBehindPixels = isBehindPixels || type == "IDAT"
      guard ImageMetadata.types.contains(type), !isBehindPixels || type == "eXIf",
        !chunks.contains(where: { $0.type == type }), let data
      else { continue }
      chunks.append(ImageMetadata.Chunk(type: type, data: Array(data)))
    }
    return ImageMetadata(chunks: chunks)
  }

  /// Returns the next chunk, without data if its checksum is wrong; nil at the end of the file.
  private mutating func next() -> (type: String, data: UnsafeRawBufferPointer?)? {
    guard bytes.count - position >= 12 else { return nil }
    let length = Int(number(at: position))
    guard length <= bytes.count - position - 12 else { return nil }
    let start = position
    position += 12 + length
    let type = String(decoding: bytes[start + 4..<start + 8], as: UTF8.self)
    // libpng checks the pixel data.
    guard ImageMetadata.types.contains(type) else { return (type, nil) }
    let isWhole = Self.checksum(bytes[start + 4..<start + 8 + length]) == number(at: position - 4)
    let data = UnsafeRawBufferPointer(rebasing: bytes[start + 8..<start + 8 + length])
    return (type, isWhole ? data : nil)
  }

  private func number(at offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Returns the CRC-32 as defined by PNG.
  private static func checksum(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt32 {
    ~bytes.reduce(0xffff_ffff) { crc, byte in crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xff)] }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(byte) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
}
