import FerryDevices
import FerryFormats

extension DoubleKernels {
  /// Kernels that encode weights.
  static let encodings = [
    DoubleKernel("find_invalid", of: "quantize", "bblu", findInvalid),
    DoubleKernel("encode_four_bit", of: "quantize", "bbbluuu", encodeFourBit),
    DoubleKernel("encode_dynamic8", of: "quantize", "bbbbluuf", encodeDynamic8),
    DoubleKernel("encode_int8_rows", of: "quantize", "bbbllu", encodeRows),
  ]

  private static func findInvalid(_ run: KernelRun) throws {
    let (values, found) = (try run.buffer(), try run.buffer())
    let (count, limit) = (try run.count(), UInt32(try run.count()))
    try run.require(run.groupSize.x.isGroupOfTeams, "a group of \(run.groupSize)")
    let numbers = try values.floats(count, try run.type("VALUES"))
    let firsts = try found.elements(2 * run.groups.x, of: UInt64.self)
    firsts.update(repeating: .max)
    for (index, number) in numbers.enumerated() {
      guard !number.isFinite || number.magnitude.bitPattern > limit else { continue }
      let group = index / 8 / run.groupSize.x % run.groups.x
      let place = 2 * group + (number.isFinite ? 1 : 0)
      firsts[place] = min(firsts[place], UInt64(index))
    }
  }

  private static func encodeFourBit(_ run: KernelRun) throws {
    let (values, payload, absmax) = (try run.buffer(), try run.buffer(), try run.buffer())
    let (count, block) = (try run.count(), try run.count())
    try requireTeams(run, blocks: count.blocks(of: block))
    let isFP4 = try run.count()
    try run.require(FourBitFormat.blockSizes.contains(block), "blocks of \(block)")
    let format = WeightFormat.fourBit(FourBitFormat(isFP4 == 1 ? .fp4 : .nf4, blockSize: block))
    try encode(run, values, count, format, shape: [count], into: [payload, absmax])
  }

  /// The table is read, not written: it has to be the one that encoding is defined by.
  private static func encodeDynamic8(_ run: KernelRun) throws {
    let (values, payload) = (try run.buffer(), try run.buffer())
    let (absmax, table) = (try run.buffer(), try run.buffer())
    let (count, block) = (try run.count(), try run.count())
    try requireTeams(run, blocks: count.blocks(of: block))
    let offset = try run.float()
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
    try requireTeams(run, blocks: rows)
    try encode(
      run, values, rows * columns, .int8Rows, shape: [rows, columns], into: [payload, absmax])
  }

  /// Takes the logarithm of a team's threads: whether each block has a team, and groups are whole teams.
  private static func requireTeams(_ run: KernelRun, blocks: Int) throws {
    let shift = try run.count()
    try run.require(
      run.groupSize.x.isGroupOfTeams && 1 << shift <= run.groupSize.x,
      "a group of \(run.groupSize) is no teams of 2^\(shift)")
    try run.requireFlat(blocks << shift)
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

extension Int {
  /// Whether `quantize.cl` takes groups of so many threads.
  fileprivate var isGroupOfTeams: Bool { (1...256).contains(self) && nonzeroBitCount == 1 }
}
