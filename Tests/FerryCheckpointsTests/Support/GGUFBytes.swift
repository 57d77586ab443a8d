/// Builds GGUF files that may be wrong on purpose.
struct GGUFBytes {
  var magic: [UInt8] = Array("GGUF".utf8)
  var version: UInt32 = 3
  var tensorCount: UInt64?
  var pairCount: UInt64?
  var pairs: [[UInt8]] = []
  var tensors: [[UInt8]] = []
  var alignment = 32
  var data: [UInt8] = []

  static func text(_ text: String) -> [UInt8] {
    UInt64(text.utf8.count).littleEndianBytes + Array(text.utf8)
  }

  /// A pair whose value has already been spelled.
  mutating func add(_ key: String, type: UInt32, _ value: [UInt8]) {
    pairs.append(Self.text(key) + type.littleEndianBytes + value)
  }

  mutating func add(_ key: String, _ value: String) { add(key, type: 8, Self.text(value)) }

  /// A tensor entry; `extents` innermost first.
  mutating func add(_ name: String, _ extents: [UInt64], type: UInt32, offset: UInt64) {
    tensors.append(
      Self.text(name) + UInt32(extents.count).littleEndianBytes
        + extents.flatMap(\.littleEndianBytes) + type.littleEndianBytes
        + offset.littleEndianBytes)
  }

  /// A file with one f32 tensor of four elements.
  static var small: GGUFBytes {
    var file = GGUFBytes()
    file.add("general.architecture", "llama")
    file.add("a", [2, 2], type: 0, offset: 0)
    file.data = [Float]([1, 2, 3, 4]).littleEndianBytes
    return file
  }

  var bytes: [UInt8] {
    var bytes = magic + version.littleEndianBytes
    bytes += (tensorCount ?? UInt64(tensors.count)).littleEndianBytes
    bytes += (pairCount ?? UInt64(pairs.count)).littleEndianBytes
    bytes += pairs.flatMap { $0 } + tensors.flatMap { $0 }
    bytes += [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
    return bytes + data
  }
}
