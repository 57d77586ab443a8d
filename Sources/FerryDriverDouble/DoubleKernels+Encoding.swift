import FerryDevices
import FerryFormats

extension DoubleKernels {
  /// Kernels that encode weights.
  static let encodings = [
    DoubleKernel("find_invalid", of: "quantize", "bbllu", findInvalid),
    DoubleKernel("encode_four_bit", of: "quantize", "bbbluu", encodeFourBit),
    DoubleKernel("encode_dynamic8", of: "quantize", "bbbbluf", encodeDynamic8),
    DoubleKernel("encode_int8_rows", of: "quantize", "bbbul", encodeRows),
  ]

  private static func findInvalid(_ run: KernelRun) throws {
    let (values, found) = (try run.buffer(), try run.buffer())
    let (count, stretch) = (try run.count(), try run.count())
    let limit = UInt32(try run.count())
    let threads = run.groups.x * run.groupSize.x
    try run.require(threads * stretch >= count, "elements are left out")
    let numbers = try values.floats(count, try run.type("VALUES"))
    let firsts = try found.elements(2 * threads, of: UInt64.self)
    for thread in 0..<threads {
      let range = min(thread * stretch, count)..<min((thread + 1) * stretch, count)
      let strange = range.first { !numbers[$0].isFinite }
      let large = range.first { numbers[$0].isFinite && numbers[$0].magnitude.bitPattern > limit }
      firsts[2 * thread] = strange.map(UInt64.init) ?? .max
      firsts[2 * thread + 1] = large.map(UInt64.init) ?? .max
    }
  }

  private static func encodeFourBit(_ run: KernelRun) throws {
    let (values, payload, absmax) = (try run.buffer(), try run.buffer(), try run.buffer())
    let (count, block, isFP4) = (try run.count(), try run.count(), try run.count())
    try run.requireFlat(count.blocks(of: block))
    try run.require(FourBitFormat.blockSizes.contains(block), "blocks of \(block)")
    let format = WeightFormat.fourBit(FourBitFormat(isFP4 == 1 ? .fp4 : .nf4, blockSize: block))
    try encode(run, values, count, format, shape: [count], into: [payload, absmax])
  }

  /// The table is read, not written: it has to be the one that encoding is defined by.
  private static func encodeDynamic8(_ run: KernelRun) throws {
    let (values, payload) = (try run.buffer(), try run.buffer())
    let (absmax, table) = (try run.buffer(), try run.buffer())
    let (count, block, offset) = (try run.count(), try run.count(), try run.float())
    try run.requireFlat(count.blocks(of: block))
    try run.require(
      Array(try table.elements(256, of: Float.self)) == CodeTables.dynamic8, "another code table")
    let numbers = try values.floats(count, try run.type("VALUES")).map { $0 - offset }
    let format = WeightFormat.dynamic8(blockSize: block)
    let parts = try zip([payload, absmax, table], format.parts(shape: [count])).map {
      try $0.bytes($1.byteCount)
    }
    _ = try numbers.withUnsafeBytes {
      try format.encode($0, of: .f32, shape: [count], into: parts)
    }
  }

  private static func encodeRows(_ run: KernelRun) throws {
    let (values, payload, absmax) = (try run.buffer(), try run.buffer(), try run.buffer())
    let (rows, columns) = (try run.count(), try run.count())
    try run.require(run.groups.x * run.groupSize.x >= rows, "rows are left out")
    try encode(
      run, values, rows * columns, .int8Rows, shape: [rows, columns], into: [payload, absmax])
  }

  private static func encode(
    _ run: KernelRun, _ values: KernelBuffer, _ count: Int, _ format: WeightFormat, shape: [Int],
    into buffers: [KernelBuffer]
  ) throws {
    let type = try run.type("VALUES")
    let parts = try zip(buffers, format.parts(shape: shape)).map { try $0.bytes($1.byteCount) }
    let source = UnsafeRawBufferPointer(try values.bytes(count * type.byteCount))
    _ = try format.encode(source, of: type, shape: shape, into: parts)
  }
}
