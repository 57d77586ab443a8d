/// The block encodings of GGUF that Ferry reads (as floats).
///
/// A block holds 32 consecutive elements: an f16 scale `d`, for q4_1 an f16 minimum `m`, then the
/// codes. Source: ggml-common.h and ggml-quants.c of ggml (block_q4_0, block_q4_1, block_q8_0).
package enum GGUFBlockType: String, Hashable, Sendable, CaseIterable {
  case q4_0, q4_1, q8_0

  /// How many elements a block holds.
  package static let blockSize = 32

  /// The size of a block in bytes.
  package var blockByteCount: Int {
    switch self {
    case .q4_0: 18
    case .q4_1: 20
    case .q8_0: 34
    }
  }

  /// Reads blocks as floats: d · (q - 8), d · q + m, d · q.
  ///
  /// - Parameters:
  ///   - bytes: whole blocks.
  ///   - target: 32 elements for each block.
  package func decode(
    _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
  ) {
    let blockCount = bytes.count / blockByteCount
    precondition(bytes.count == blockCount * blockByteCount, "a part of a block")
    precondition(target.count == blockCount * Self.blockSize, "32 elements a block")
    guard blockCount > 0, let source = bytes.baseAddress, let out = target.baseAddress else {
      return
    }
    for block in 0..<blockCount {
      let start = source + block * blockByteCount
      let elements = out + block * Self.blockSize
      let scale = half(start)
      switch self {
      case .q4_0: Self.decodeNibbles(start + 2, elements) { scale * ($0 - 8) }
      case .q4_1:
        let minimum = half(start + 2)
        Self.decodeNibbles(start + 4, elements) { scale * $0 + minimum }
      case .q8_0: Self.decodeBytes(start + 2, scale: scale, elements)
      }
    }
  }

  private func half(_ source: UnsafeRawPointer) -> Float {
    let bits = UInt16(littleEndian: source.loadUnaligned(as: UInt16.self))
    return Float(Float16(bitPattern: bits))
  }

  /// Sixteen bytes: the low nibbles are elements 0 to 15, the high ones 16 to 31.
  ///
  /// A code has 4 bits and a scale 11, so their product is exact and a sum the only rounding.
  @inline(__always)
  private static func decodeNibbles(
    _ codes: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ value: (Float) -> Float
  ) {
    for index in 0..<16 {
      let byte = codes.load(fromByteOffset: index, as: UInt8.self)
      target[index] = value(Float(byte & 15))
      target[index + 16] = value(Float(byte >> 4))
    }
  }

  private static func decodeBytes(
    _ codes: UnsafeRawPointer, scale: Float, _ target: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<32 {
      target[index] = scale * Float(codes.load(fromByteOffset: index, as: Int8.self))
    }
  }
}
