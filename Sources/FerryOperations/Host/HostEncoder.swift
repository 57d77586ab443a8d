import CHostKernels
import FerryDevices
import FerryFormats
import FerryTensors

/// Encodes one weight to the bytes that its format's reference encoder writes.
struct HostEncoder {
  private let pool: ThreadPool
  private let level: Int32
  private let source: HostTensor
  private let count: Int
  private let weight: WeightView

  init(_ values: Tensor, _ weight: WeightView, on operations: HostOperations) {
    pool = operations.pool
    level = operations.level.rawValue
    source = HostTensor(values)
    count = values.count
    self.weight = weight
  }

  /// Returns the nested offset.
  func encode() throws(FormatError) -> Float {
    switch weight.entry.format {
    case .plain(let type): try encodePlain(type)
    case .int8Rows: try encodeInt8Rows()
    case .dynamic8(let blockSize): try encodeDynamic8(blockSize)
    case .fourBit(let format) where format.isNested: return try encodeNested(format)
    case .fourBit(let format): try encodeFourBit(format, absmax: part(1))
    case .opaque: preconditionFailure("opaque bytes are not encoded")
    }
    return 0
  }

  private func part(_ index: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(mutating: weight.parts[index].startOnHost)
  }

  // MARK: - Plain

  private func encodePlain(_ type: ElementType) throws(FormatError) {
    let target = part(0)
    if type == source.elementType {
      target.copyMemory(from: source.start, byteCount: count * type.byteCount)
      return
    }
    // Halfway from the largest number to the next power of two rounds up, to infinity.
    let overflow: Float =
      switch type {
      case .f16: 65520
      case .bf16: Float(bitPattern: 0x7f7f_8000)
      default: .infinity
      }
    try inParallel(items: count, itemSize: 1) { range in
      let bad = firstBad(in: range, limit: overflow)
      ferry_convert(
        level, source.at(range.lowerBound), source.type,
        target + range.lowerBound * type.byteCount, type.kernelType, Int64(range.count))
      return bad.map { index in
        let value = value(at: index)
        return value.isFinite ? .overflow(value, of: type, at: index) : notFinite(at: index)
      }
    }
  }

  // MARK: - Blocks

  private func encodeFourBit(
    _ format: FourBitFormat, absmax: UnsafeMutableRawPointer
  ) throws(FormatError) {
    let payload = part(0).assumingMemoryBound(to: UInt8.self)
    let book = format.code.book
    try inParallel(items: count.blocks(of: format.blockSize), itemSize: format.blockSize) { range in
      let elements = self.elements(ofBlocks: range, format.blockSize)
      let bad = ferry_encode_four_bit(
        level, source.start, source.type, Int64(elements.lowerBound), Int64(elements.count),
        Int64(format.blockSize), book.midpoints, book.codes, payload, absmax)
      return bad < 0 ? nil : notFinite(at: Int(bad))
    }
  }

  private func encodeDynamic8(_ blockSize: Int) throws(FormatError) {
    let payload = part(0).assumingMemoryBound(to: UInt8.self)
    let absmax = part(1)
    try inParallel(items: count.blocks(of: blockSize), itemSize: blockSize) { range in
      let elements = self.elements(ofBlocks: range, blockSize)
      let bad = ferry_encode_dynamic8(
        level, source.start, source.type, Int64(elements.lowerBound), Int64(elements.count),
        Int64(blockSize), CodeBook.dynamic8.midpoints, Self.dynamic8Cells, payload, absmax)
      return bad < 0 ? nil : notFinite(at: Int(bad))
    }
    storeTable(in: part(2))
  }

  /// The thresholds of the dynamic table, whose codes are its slots, as the kernels look them up.
  private static let dynamic8Cells: [Int32] = {
    var cells = [Int32](repeating: 0, count: Int(FERRY_DYNAMIC8_CELLS))
    ferry_arrange_cells(CodeBook.dynamic8.midpoints, &cells)
    return cells
  }()

  private func elements(ofBlocks range: Range<Int>, _ blockSize: Int) -> Range<Int> {
    range.lowerBound * blockSize..<min(range.upperBound * blockSize, count)
  }

  private func storeTable(in target: UnsafeMutableRawPointer) {
    CodeTables.dynamic8.withUnsafeBytes { table in
      UnsafeMutableRawBufferPointer(start: target, count: table.count).copyMemory(from: table)
    }
  }

  // MARK: - Nested statistics

  private func encodeNested(_ format: FourBitFormat) throws(FormatError) -> Float {
    let blocks = count.blocks(of: format.blockSize)
    let absmax = Scratch<Float>(count: blocks)
    try encodeFourBit(format, absmax: absmax.start)
    let values = UnsafeMutableBufferPointer(start: absmax.start, count: blocks)
    let offset = mean(values)
    for index in values.indices { values[index] -= offset }
    // Finite numbers less their mean are finite, so this cannot fail.
    _ = ferry_encode_dynamic8(
      level, absmax.start, Int32(FERRY_F32), 0, Int64(blocks),
      Int64(FourBitFormat.nestedBlockSize), CodeBook.dynamic8.midpoints, Self.dynamic8Cells,
      part(1).assumingMemoryBound(to: UInt8.self), part(2))
    storeTable(in: part(3))
    return offset
  }

  /// f32 of the f64 sum in index order by the count.
  private func mean(_ values: UnsafeMutableBufferPointer<Float>) -> Float {
    guard !values.isEmpty else { return 0 }
    var sum = 0.0
    for value in values { sum += Double(value) }
    return Float(sum / Double(values.count))
  }

  // MARK: - Rows

  private func encodeInt8Rows() throws(FormatError) {
    let codes = part(0).assumingMemoryBound(to: Int8.self)
    let rowAbsmax = part(1)
    let columns = weight.columnCount
    let rows = columns > 0 ? count / columns : weight.rowCount
    try inParallel(items: rows, itemSize: columns) { range in
      let first = range.lowerBound * columns
      let bad = ferry_encode_int8_rows(
        level, source.at(first), source.type, Int64(range.count), Int64(columns), codes + first,
        rowAbsmax + 4 * range.lowerBound)
      if bad < 0 { return nil }
      return rowError(in: first + Int(bad) * columns..<first + (Int(bad) + 1) * columns)
    }
  }
}

// MARK: - Errors

extension HostEncoder {
  /// Runs `body` over all items; throws the error of the first range that has one.
  private func inParallel(
    items: Int, itemSize: Int, _ body: (Range<Int>) -> FormatError?
  ) throws(FormatError) {
    // Every piece ends by waiting for what it wrote past the caches: few are faster.
    let least = max(1, 4 * HostOperations.elementGrain / max(itemSize, 1))
    let grain = least * max(1, items.blocks(of: 8 * pool.threadCount * least))
    let pieces = items.blocks(of: grain)
    let errors = UnsafeMutableBufferPointer<FormatError?>.allocate(capacity: pieces)
    errors.initialize(repeating: nil)
    defer {
      errors.deinitialize()
      errors.deallocate()
    }
    pool.run(pieces: pieces) { piece in
      errors[piece] = body(piece * grain..<min((piece + 1) * grain, items))
    }
    for case .some(let error) in errors { throw error }
  }

  /// The first element of a range that is not below `limit` in magnitude, or is NaN.
  private func firstBad(in range: Range<Int>, limit: Float) -> Int? {
    let index = ferry_first_not_below(
      level, source.at(range.lowerBound), source.type, Int64(range.count), limit)
    return index < 0 ? nil : range.lowerBound + Int(index)
  }

  /// What keeps a row from being encoded in f16: what is not finite comes first.
  private func rowError(in elements: Range<Int>) -> FormatError? {
    if let bad = firstBad(in: elements, limit: .infinity) { return notFinite(at: bad) }
    let bad = firstBad(in: elements, limit: Float(65504).nextUp)
    return bad.map { .exceedsHalf(value(at: $0), at: $0) }
  }

  private func value(at index: Int) -> Float {
    let element = UnsafeRawBufferPointer(
      start: source.at(index), count: source.elementType.byteCount)
    return source.elementType.loadFloat(from: element, at: 0)
  }

  private func notFinite(at index: Int) -> FormatError { .notFinite(value(at: index), at: index) }
}
