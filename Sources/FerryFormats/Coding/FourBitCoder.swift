/// NF4 and FP4: two codes a byte, one absmax a block of consecutive flat elements.
///
/// Encode: v as ``BlockScale`` says, its code as ``CodeBook`` says. Byte j holds element 2j in its
/// high nibble and element 2j+1 in its low one; an odd count leaves the code of 0 in the last low
/// nibble. Blocks ignore rows, the last one may be short. A zero block is NF4 nibble 7 or FP4 nibble
/// 0 with absmax 0.
///
/// Decode: `table[nibble] * absmax[i / blockSize]`, one product rounded to f32 (then once more to
/// f16 or bf16); nested absmax as ``NestedStatistics`` says.
struct FourBitCoder: WeightCoder {
  let format: FourBitFormat

  func parts(shape: [Int]) -> [PartSpecification] {
    let count = shape.elementCount
    let blocks = count.blocks(of: format.blockSize)
    let payload = PartSpecification(.payload, .u8, count: count.blocks(of: 2))
    guard format.isNested else {
      return [payload, PartSpecification(.absmax, .f32, count: blocks)]
    }
    return [payload] + NestedStatistics.parts(count: blocks)
  }

  func encode(
    _ source: ElementSource, shape: [Int], into parts: [UnsafeMutableRawBufferPointer]
  ) throws(FormatError) -> Float {
    let count = shape.elementCount
    guard format.isNested else {
      try encode(source, count: count, payload: parts[0], absmax: parts[1])
      return 0
    }
    let size = count.blocks(of: format.blockSize) * ElementType.f32.byteCount
    let absmax = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4)
    defer { absmax.deallocate() }
    try encode(source, count: count, payload: parts[0], absmax: absmax)
    return NestedStatistics.encode(absmax.bindMemory(to: Float.self), into: Array(parts[1...]))
  }

  private func encode(
    _ source: ElementSource, count: Int, payload: UnsafeMutableRawBufferPointer,
    absmax: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: ElementSource.chunkSize)
    defer { scratch.deallocate() }
    for block in 0..<count.blocks(of: format.blockSize) {
      let start = block * format.blockSize
      let range = start..<min(start + format.blockSize, count)
      let scale = BlockScale(absmax: try source.absmax(of: range, through: scratch))
      absmax.store(scale.absmax, at: block)
      // A block is never longer than the scratch, so its elements are still there.
      pack(UnsafePointer(scratch), count: range.count, scale, into: payload, at: start / 2)
    }
  }

  private func pack(
    _ elements: UnsafePointer<Float>, count: Int, _ scale: BlockScale,
    into payload: UnsafeMutableRawBufferPointer, at first: Int
  ) {
    format.code.book.withNearest { nearest in
      for pair in 0..<count / 2 {
        let high = nearest(scale.normalize(elements[2 * pair]))
        let low = nearest(scale.normalize(elements[2 * pair + 1]))
        payload[first + pair] = high << 4 | low
      }
      if count % 2 == 1 {
        let high = nearest(scale.normalize(elements[count - 1]))
        payload[first + count / 2] = high << 4 | nearest(0)
      }
    }
  }

  func decode(
    _ elements: Range<Int>, of weight: EncodedWeight, into output: UnsafeMutablePointer<Float>
  ) {
    format.code.table.withUnsafeBufferPointer { table in
      let payload = weight.parts[0]
      var i = elements.lowerBound
      while i < elements.upperBound {
        let block = i / format.blockSize
        let end = min((block + 1) * format.blockSize, elements.upperBound)
        let absmax = absmax(ofBlock: block, of: weight)
        for k in i..<end {
          let nibble = k % 2 == 0 ? payload[k / 2] >> 4 : payload[k / 2] & 15
          output[k - elements.lowerBound] = table[Int(nibble)] * absmax
        }
        i = end
      }
    }
  }

  private func absmax(ofBlock block: Int, of weight: EncodedWeight) -> Float {
    format.isNested
      ? NestedStatistics.decode(block, of: weight) : weight.float(block, ofPart: 1)
  }
}
