import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

/// Attention in blocks of rows and tiles of keys.
@Suite struct HostAttentionTests {
  let context: DeviceContext
  let reference: ReferenceOperations

  init() throws {
    context = try DeviceContext(HostBackend())
    reference = ReferenceOperations(context: context)
  }

  private func host(_ level: InstructionLevel, threads: Int = 2) -> HostOperations {
    HostOperations(context: context, threads: threads, level: level)
  }

  /// Queries, keys and values for `rows` rows from position `first` on.
  private func operands(_ shape: AttentionShape, rows: Int, first: Int) -> [Tensor] {
    var numbers = TestNumbers(seed: UInt64(rows + first))
    let (width, keyWidth) = (shape.heads * shape.headSize, shape.keyValueHeads * shape.headSize)
    let positions = first + rows
    return [
      .of(numbers.floats(rows * width, scale: 2), [rows, width]),
      .of(numbers.floats(positions * keyWidth, scale: 2), [positions, keyWidth]),
      .of(numbers.floats(positions * keyWidth, scale: 2), [positions, keyWidth]),
    ]
  }

  /// The largest difference of two tensors.
  private func distance(_ one: Tensor, _ other: Tensor) -> Float {
    zip(one.floats, other.floats).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test(arguments: [nil, 1, 50])
  func blocksAndTilesFollowTheReference(window: Int?) throws {
    for (heads, groups, size, rows, first) in [
      (9, 3, 64, 1, 200), (2, 2, 32, 65, 0), (5, 1, 80, 21, 63), (1, 1, 7, 130, 63),
    ] {
      let shape = AttentionShape(
        heads: heads, keyValueHeads: groups, headSize: size, scale: 0.3, window: window)
      let given = operands(shape, rows: rows, first: first)
      let expected = Tensor.empty(.f32, given[0].shape)
      try reference.attention(
        queries: given[0], keys: given[1], values: given[2], shape: shape,
        firstPosition: .number(first), into: expected)
      for level in InstructionLevel.available {
        let output = Tensor.empty(.f32, given[0].shape)
        try host(level).attention(
          queries: given[0], keys: given[1], values: given[2], shape: shape,
          firstPosition: .number(first), into: output)
        #expect(distance(output, expected) <= 4e-6, "\(level), \(shape), \(rows) rows")
      }
    }
  }

  /// A text that is read in one pass or token by token has the same states.
  @Test(arguments: InstructionLevel.available, [nil, 70])
  func aRowDoesNotDependOnTheRowsBesideIt(level: InstructionLevel, window: Int?) throws {
    let shape = AttentionShape(
      heads: 6, keyValueHeads: 2, headSize: 48, scale: 0.2, window: window)
    let given = operands(shape, rows: 150, first: 0)
    let whole = Tensor.empty(.f32, given[0].shape)
    try host(level, threads: 5).attention(
      queries: given[0], keys: given[1], values: given[2], shape: shape, firstPosition: 0,
      into: whole)
    for rows in [0..<1, 3..<4, 60..<131, 149..<150] {
      let part = Tensor.empty(.f32, [rows.count, whole.columnCount])
      try host(level, threads: 1).attention(
        queries: given[0].rows(rows), keys: given[1], values: given[2], shape: shape,
        firstPosition: .number(rows.lowerBound), into: part)
      #expect(part.bytes == whole.rows(rows).bytes, "rows \(rows)")
    }
  }

  /// Stretches of many positions, on any number of threads, give a row what it has among others.
  @Test(arguments: InstructionLevel.available, [nil, 600])
  func manyPositionsDoNotDependOnTheThreads(level: InstructionLevel, window: Int?) throws {
    for type in [ElementType.f32, .bf16] {
      let shape = AttentionShape(
        heads: 6, keyValueHeads: 2, headSize: 48, scale: 0.2, window: window)
      let given = operands(shape, rows: 30, first: 1100).map {
        Tensor.of($0.floats, type, $0.shape)
      }
      let (whole, expected) = (
        Tensor.empty(.f32, given[0].shape), Tensor.empty(.f32, given[0].shape)
      )
      for (operations, output) in [
        (host(level) as any Operations, whole), (reference as any Operations, expected),
      ] {
        try operations.attention(
          queries: given[0], keys: given[1], values: given[2], shape: shape, firstPosition: 1100,
          into: output)
      }
      #expect(distance(whole, expected) <= 4e-6, "\(type)")
      for (rows, threads) in [(29..<30, 1), (29..<30, 2), (12..<14, 5)] {
        let part = Tensor.empty(.f32, [rows.count, whole.columnCount])
        try host(level, threads: threads).attention(
          queries: given[0].rows(rows), keys: given[1], values: given[2], shape: shape,
          firstPosition: .number(1100 + rows.lowerBound), into: part)
        #expect(part.bytes == whole.rows(rows).bytes, "\(type), rows \(rows)")
      }
    }
  }

  @Test func textsSeeThemselvesOnly() throws {
    let shape = AttentionShape(heads: 2, keyValueHeads: 2, headSize: 32, scale: 0.3)
    let given = operands(shape, rows: 200, first: 0)
    let texts = [0..<1, 1..<40, 40..<180, 180..<200]
    let spans = RowSpans(.words(RowSpans.words(texts.flatMap { text in text.map { _ in text } })))
    let expected = Tensor.empty(.f32, given[0].shape)
    try reference.attendWithin(
      spans, queries: given[0], keys: given[1], values: given[2], shape: shape, into: expected)
    for level in InstructionLevel.available {
      let output = Tensor.empty(.f32, given[0].shape)
      try host(level).attendWithin(
        spans, queries: given[0], keys: given[1], values: given[2], shape: shape, into: output)
      #expect(distance(output, expected) <= 4e-6, "\(level)")
    }
  }

  /// What overflowed is not hidden.
  @Test(arguments: InstructionLevel.available)
  func nanPassesThrough(level: InstructionLevel) throws {
    let shape = AttentionShape(heads: 1, keyValueHeads: 1, headSize: 4, scale: 1)
    let given = operands(shape, rows: 1, first: 70)
    let broken = Tensor.of(given[0].floats.dropLast() + [.nan], given[0].shape)
    let output = Tensor.empty(.f32, [1, 4])
    try host(level).attention(
      queries: broken, keys: given[1], values: given[2], shape: shape, firstPosition: 70,
      into: output)
    for value in output.floats { #expect(value.isNaN) }
  }
}

extension BufferView {
  fileprivate static func words(_ words: [UInt32]) -> BufferView {
    let view = HostMemory.view(byteCount: 4 * words.count)
    words.withUnsafeBytes { view.mutableHostBytes?.copyMemory(from: $0) }
    return view
  }
}
