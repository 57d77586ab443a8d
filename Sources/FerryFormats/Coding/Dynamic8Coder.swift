/// Dynamic 8-bit blocks: one code an element, one absmax a block of consecutive flat elements.
///
/// Encode: v as ``BlockScale`` says, its code as ``CodeBook`` says, with the signed table, which is
/// stored beside. A zero block is code 127 with absmax 0. (bitsandbytes looks codes up in a table of
/// 65536 bins on CPUs and breaks ties otherwise on GPUs, so its codes may be neighbours of these.)
///
/// Decode: `table[code] * absmax[i / blockSize]` with the stored table, one product rounded to f32.
struct Dynamic8Coder: WeightCoder {
  let blockSize: Int

  func parts(shape: [Int]) -> [PartSpecification] {
    let count = shape.elementCount
    return [
      PartSpecification(.payload, .u8, count: count),
      PartSpecification(.absmax, .f32, count: count.blocks(of: blockSize)),
      PartSpecification(.table, .f32, count: 256),
    ]
  }

  func encode(
    _ source: ElementSource, shape: [Int], into parts: [UnsafeMutableRawBufferPointer]
  ) throws(FormatError) -> Float {
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: ElementSource.chunkSize)
    defer { scratch.deallocate() }
    let count = shape.elementCount
    for block in 0..<count.blocks(of: blockSize) {
      let start = block * blockSize
      let range = start..<min(start + blockSize, count)
      let scale = BlockScale(absmax: try source.absmax(of: range, through: scratch))
      parts[1].store(scale.absmax, at: block)
      try source.chunks(of: range, through: scratch) { (chunk, first) throws(FormatError) in
        Self.encode(chunk, scale, into: parts[0], at: first)
      }
    }
    parts[2].store(CodeTables.dynamic8)
    return 0
  }

  /// Encodes elements of one block.
  static func encode(
    _ elements: UnsafeMutableBufferPointer<Float>, _ scale: BlockScale,
    into codes: UnsafeMutableRawBufferPointer, at first: Int
  ) {
    CodeBook.dynamic8.withNearest { nearest in
      for i in 0..<elements.count { codes[first + i] = nearest(scale.normalize(elements[i])) }
    }
  }

  func decode(
    _ elements: Range<Int>, of weight: EncodedWeight, into output: UnsafeMutablePointer<Float>
  ) {
    let codes = weight.parts[0]
    let table = weight.parts[2]
    var i = elements.lowerBound
    while i < elements.upperBound {
      let block = i / blockSize
      let end = min((block + 1) * blockSize, elements.upperBound)
      let absmax = weight.float(block, ofPart: 1)
      for k in i..<end {
        let entry = table.loadUnaligned(fromByteOffset: 4 * Int(codes[k]), as: Float.self)
        output[k - elements.lowerBound] = entry * absmax
      }
      i = end
    }
  }
}
