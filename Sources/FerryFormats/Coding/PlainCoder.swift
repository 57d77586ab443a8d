/// Elements as they are: a copy, or f32, f16 and bf16 converted into one another.
///
/// A copy keeps every byte and takes every element type. A conversion rounds to nearest, ties to
/// even, and refuses NaN, infinity, and what would become infinity.
struct PlainCoder: WeightCoder {
  let type: ElementType

  func parts(shape: [Int]) -> [PartSpecification] {
    [PartSpecification(.payload, type, count: shape.elementCount)]
  }

  func encode(
    _ source: ElementSource, shape: [Int], into parts: [UnsafeMutableRawBufferPointer]
  ) throws(FormatError) -> Float {
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: ElementSource.chunkSize)
    defer { scratch.deallocate() }
    let sink = ElementSink(parts[0], of: type)
    let elements = 0..<shape.elementCount
    try source.chunks(of: elements, through: scratch) { (chunk, start) throws(FormatError) in
      let largest = try chunk.finiteAbsmax(firstIndex: start)
      if largest >= overflow { throw overflowError(in: chunk, firstIndex: start) }
      sink.store(chunk, at: start)
    }
    return 0
  }

  func decode(
    _ elements: Range<Int>, of weight: EncodedWeight, into output: UnsafeMutablePointer<Float>
  ) {
    ElementSource(weight.parts[0], of: type).load(elements, into: output)
  }

  /// The smallest magnitude that rounds to infinity: halfway from the largest number to the next
  /// power of two, which is a tie that goes to the even side, up.
  private var overflow: Float {
    switch type {
    case .f16: 65520
    case .bf16: Float(bitPattern: 0x7f7f_8000)
    default: .infinity
    }
  }

  private func overflowError(
    in chunk: UnsafeMutableBufferPointer<Float>, firstIndex: Int
  ) -> FormatError {
    let offset = chunk.firstIndex { $0.magnitude >= overflow } ?? 0
    return .overflow(chunk[offset], of: type, at: firstIndex + offset)
  }
}
