/// The elements of a weight before encoding: f32, f16 or bf16 at any alignment.
struct ElementSource {
  /// How many elements are converted at a time: no f32 copy of a whole tensor is ever made.
  static let chunkSize = 4096

  private let bytes: UnsafeRawBufferPointer
  let type: ElementType

  /// `bytes` holds whole elements of `type`, which is a weight float.
  init(_ bytes: UnsafeRawBufferPointer, of type: ElementType) {
    self.bytes = bytes
    self.type = type
  }

  /// Converts the elements of `range` to f32, exactly.
  func load(_ range: Range<Int>, into output: UnsafeMutablePointer<Float>) {
    guard let base = bytes.baseAddress, !range.isEmpty else { return }
    let first = base + range.lowerBound * type.byteCount
    switch type {
    case .f32:
      UnsafeMutableRawPointer(output).copyMemory(from: first, byteCount: range.count * 4)
    case .f16:
      for i in 0..<range.count {
        output[i] = Float(first.loadUnaligned(fromByteOffset: 2 * i, as: Float16.self))
      }
    case .bf16:
      for i in 0..<range.count {
        output[i] = Float(first.loadUnaligned(fromByteOffset: 2 * i, as: BFloat16.self))
      }
    default:
      preconditionFailure("\(type) is not a weight float")
    }
  }

  /// Lends the elements of `range` as f32, `chunkSize` at a time, each with its first flat index.
  @inline(__always)
  func chunks(
    of range: Range<Int>, through scratch: UnsafeMutablePointer<Float>,
    _ body: (UnsafeMutableBufferPointer<Float>, Int) throws(FormatError) -> Void
  ) throws(FormatError) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(start + Self.chunkSize, range.upperBound)
      load(start..<end, into: scratch)
      try body(UnsafeMutableBufferPointer(start: scratch, count: end - start), start)
      start = end
    }
  }

  /// max |x| over `range`, 0 if it is empty; an error at the first NaN or infinity.
  func absmax(
    of range: Range<Int>, through scratch: UnsafeMutablePointer<Float>
  ) throws(FormatError) -> Float {
    var largest: Float = 0
    try chunks(of: range, through: scratch) { (chunk, start) throws(FormatError) in
      largest = max(largest, try chunk.finiteAbsmax(firstIndex: start))
    }
    return largest
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// max |x|, 0 if empty; an error at the first NaN or infinity, counted from `firstIndex`.
  ///
  /// Magnitudes of binary32 are ordered as their bits are, and everything that is not finite is
  /// above the bits of the finite ones.
  func finiteAbsmax(firstIndex: Int) throws(FormatError) -> Float {
    var largest: UInt32 = 0
    for element in self { largest = Swift.max(largest, element.magnitude.bitPattern) }
    guard largest >= Float.infinity.bitPattern else { return Float(bitPattern: largest) }
    let offset = self.firstIndex { !$0.isFinite } ?? 0
    throw .notFinite(self[offset], at: firstIndex + offset)
  }
}
