/// LLM.int8 weights: one signed byte an element, one absmax a row (the first dimension).
///
/// Source: T. Dettmers et al., "LLM.int8()", arXiv:2208.07339, as bitsandbytes computes it on CPUs.
///
/// Encode: b = the element rounded to f16 (beyond ±65504 is an error); `SCB = max |b|` of the row;
/// `scale = 127 / SCB`, one quotient rounded to f32; code = `b * scale`, one product rounded to f32,
/// then rounded to an integer, ties to even. A zero row has codes 0 and SCB 0.
///
/// Decode: `(code * SCB) * f32(1/127)`, two products in this order, each rounded to f32. The first is
/// exact for what encode made: 7 bits times the 11 bits of an f16.
struct Int8RowsCoder: WeightCoder {
  /// 1/127 in f32: bits 0x3c010204.
  static let inverse127: Float = 0.007874015718698502
  private static let largestHalf: Float = 65504
  /// 1.5 · 2²³: the sum with a number of magnitude below 2²² is rounded to a whole number, ties to
  /// even, whose lowest bits are the integer in two's complement.
  private static let unit: Float = 0x1.8p23

  func parts(shape: [Int]) -> [PartSpecification] {
    [
      PartSpecification(.payload, .i8, count: shape.elementCount),
      PartSpecification(.rowAbsmax, .f32, count: shape.first ?? 1),
    ]
  }

  func encode(
    _ source: ElementSource, shape: [Int], into parts: [UnsafeMutableRawBufferPointer]
  ) throws(FormatError) -> Float {
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: ElementSource.chunkSize)
    defer { scratch.deallocate() }
    let columns = Self.columns(of: shape)
    for row in 0..<(shape.first ?? 1) {
      let range = row * columns..<(row + 1) * columns
      let largest = try source.absmax(of: range, through: scratch)
      if largest > Self.largestHalf {
        throw try overflowError(in: range, of: source, through: scratch)
      }
      // Rounding is monotonic, so the largest element rounds to the largest rounded element.
      let rowAbsmax = Float(Float16(largest))
      parts[1].store(rowAbsmax, at: row)
      try encode(range, of: source, rowAbsmax, through: scratch, into: parts[0])
    }
    return 0
  }

  private func encode(
    _ range: Range<Int>, of source: ElementSource, _ rowAbsmax: Float,
    through scratch: UnsafeMutablePointer<Float>, into codes: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    let scale = rowAbsmax == 0 ? 0 : 127 / rowAbsmax
    try source.chunks(of: range, through: scratch) { (chunk, first) throws(FormatError) in
      for i in 0..<chunk.count {
        let product = Float(Float16(chunk[i])) * scale
        codes[first + i] = UInt8(truncatingIfNeeded: (product + Self.unit).bitPattern)
      }
    }
  }

  private func overflowError(
    in range: Range<Int>, of source: ElementSource, through scratch: UnsafeMutablePointer<Float>
  ) throws(FormatError) -> FormatError {
    var error: FormatError?
    try source.chunks(of: range, through: scratch) { (chunk, first) throws(FormatError) in
      guard error == nil, let i = chunk.firstIndex(where: { $0.magnitude > Self.largestHalf })
      else { return }
      error = .exceedsHalf(chunk[i], at: first + i)
    }
    return error ?? .exceedsHalf(.infinity, at: range.lowerBound)
  }

  func decode(
    _ elements: Range<Int>, of weight: EncodedWeight, into output: UnsafeMutablePointer<Float>
  ) {
    let columns = Self.columns(of: weight.shape)
    let codes = weight.parts[0]
    var i = elements.lowerBound
    while i < elements.upperBound {
      let row = i / columns
      let end = min((row + 1) * columns, elements.upperBound)
      let rowAbsmax = weight.float(row, ofPart: 1)
      for k in i..<end {
        let product = Float(Int8(bitPattern: codes[k])) * rowAbsmax
        output[k - elements.lowerBound] = product * Self.inverse127
      }
      i = end
    }
  }

  private static func columns(of shape: [Int]) -> Int { shape.dropFirst().reduce(1, *) }
}
