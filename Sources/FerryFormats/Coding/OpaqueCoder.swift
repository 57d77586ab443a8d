/// Bytes that are kept unchanged: a single part that is neither encoded nor decoded.
struct OpaqueCoder: WeightCoder {
  let byteCount: Int

  func parts(shape: [Int]) -> [PartSpecification] {
    [PartSpecification(.payload, .u8, count: byteCount)]
  }

  func encode(
    _ source: ElementSource, shape: [Int], into parts: [UnsafeMutableRawBufferPointer]
  ) throws(FormatError) -> Float {
    throw .unsupported(source.type, as: .opaque(byteCount: byteCount))
  }

  func decode(
    _ elements: Range<Int>, of weight: EncodedWeight, into output: UnsafeMutablePointer<Float>
  ) {
    preconditionFailure("opaque bytes are not decoded")
  }
}
