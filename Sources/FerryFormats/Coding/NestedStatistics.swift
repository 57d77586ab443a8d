/// The absmax values of a 4-bit weight, themselves stored as dynamic 8-bit codes.
///
/// Encode: `offset = f32(sum / n)`, the sum in f64 and in index order (0 for no blocks);
/// `d = absmax - offset` in f32; then d in blocks of 256 by the rule of ``Dynamic8Coder`` with the
/// signed table.
///
/// Decode: `product = table[code[i]] * nestedAbsmax[i / 256]`, then `product + offset`: two
/// operations, each rounded to f32, never fused.
///
/// A decoded absmax differs from the original one, and that of a block far below its neighbours may
/// even be negative: that is the format.
enum NestedStatistics {
  private static let blockSize = FourBitFormat.nestedBlockSize

  /// The parts that replace the absmax of `count` blocks.
  static func parts(count: Int) -> [PartSpecification] {
    [
      PartSpecification(.absmax, .u8, count: count),
      PartSpecification(.nestedAbsmax, .f32, count: count.blocks(of: blockSize)),
      PartSpecification(.nestedTable, .f32, count: 256),
    ]
  }

  /// Encodes `absmax`, which is finite and which this overwrites, into codes, nested absmax and
  /// table. Returns the offset.
  static func encode(
    _ absmax: UnsafeMutableBufferPointer<Float>, into parts: [UnsafeMutableRawBufferPointer]
  ) -> Float {
    let offset = mean(absmax)
    for i in absmax.indices { absmax[i] -= offset }
    for block in 0..<absmax.count.blocks(of: blockSize) {
      let start = block * blockSize
      let end = min(start + blockSize, absmax.count)
      let elements = UnsafeMutableBufferPointer(rebasing: absmax[start..<end])
      let largest = elements.reduce(0) { max($0, $1.magnitude) }
      Dynamic8Coder.encode(elements, BlockScale(absmax: largest), into: parts[0], at: start)
      parts[1].store(largest, at: block)
    }
    parts[2].store(CodeTables.dynamic8)
    return offset
  }

  /// The absmax of one block of a weight whose parts follow its payload.
  @inline(__always)
  static func decode(_ block: Int, of weight: EncodedWeight) -> Float {
    let entry = weight.float(Int(weight.parts[1][block]), ofPart: 3)
    let product = entry * weight.float(block / blockSize, ofPart: 2)
    return product + weight.nestedOffset
  }

  private static func mean(_ values: UnsafeMutableBufferPointer<Float>) -> Float {
    guard !values.isEmpty else { return 0 }
    var sum = 0.0
    for value in values { sum += Double(value) }
    return Float(sum / Double(values.count))
  }
}
