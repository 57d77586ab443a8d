import CHostKernels
import FerryFormats
public import FerryTensors

extension HostOperations {
  /// Some rows of all query heads that share a key head are a piece.
  public func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    firstPosition: Position, into output: Tensor
  ) throws {
    let first = try checks.number(firstPosition)
    try checks.attention(
      queries: queries, keys: keys, values: values, shape: shape, firstPosition: .number(first),
      into: output)
    var attention = ferry_attention(
      queries: HostTensor(queries), keys: HostTensor(keys), values: HostTensor(values),
      shape: shape, output: HostTensor(output))
    attention.first_position = Int64(first)
    attention.window = Int64(shape.window ?? 0)
    // The later a block the longer it takes: those come first.
    let blocks = shape.blocks(of: 0..<queries.rowCount).reversed().map {
      AttentionBlock(rows: $0, attention: attention)
    }
    attend(blocks, shape, positions: first + queries.rowCount)
  }

  /// Rows that lie together and see the same span are as many blocks as their number wants.
  public func attendWithin(
    _ spans: RowSpans, queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    into output: Tensor
  ) throws {
    try checks.attendWithin(
      spans, queries: queries, keys: keys, values: values, shape: shape, into: output)
    let ranges = try checks.ranges(spans, in: keys.rowCount)
    let whole = ferry_attention(
      queries: HostTensor(queries), keys: HostTensor(keys), values: HostTensor(values),
      shape: shape, output: HostTensor(output))
    var blocks: [AttentionBlock] = []
    var first = 0
    while first < ranges.count {
      let span = ranges[first]
      let end = ranges[first...].firstIndex { $0 != span } ?? ranges.count
      let attention = whole.over(span, keys, values)
      blocks += shape.blocks(of: first..<end).map {
        AttentionBlock(rows: $0, attention: attention)
      }
      first = end
    }
    attend(blocks, shape, positions: ranges.reduce(0) { max($0, $1.count) })
  }

  /// Does the blocks, each for every key head; a row sees so many positions at most.
  private func attend(_ blocks: [AttentionBlock], _ shape: AttentionShape, positions: Int) {
    if blocks.count == 1, attendInStretches(blocks[0], shape, positions: positions) { return }
    let heads = shape.keyValueHeads
    let rows = blocks.reduce(0) { max($0, $1.rows.count) }
    let work = max(1, rows * positions * shape.headSize * shape.heads / heads)
    guard let first = blocks.first else { return }
    let floats = first.scratchCount(level.rawValue, rows: rows, heads: 1)
    pool.run(
      count: blocks.count * heads, grain: Self.attentionGrain / work, piecesPerThread: 16,
      local: { Scratch<Float>(count: floats) }
    ) { pieces, scratch in
      for piece in pieces {
        blocks[piece / heads].attend(
          level.rawValue, head: piece % heads, scratch: scratch.start)
      }
    }
  }

  /// Few queries over many positions: a stretch of them is a piece, of which all heads are read as they lie.
  /// The sums are those that one thread makes. False: there are not enough stretches, or too many queries.
  private func attendInStretches(
    _ block: AttentionBlock, _ shape: AttentionShape, positions: Int
  ) -> Bool {
    let (heads, stretches) = (shape.keyValueHeads, positions.blocks(of: Int(FERRY_STRETCH)))
    guard block.rows.count * shape.heads / heads <= 16, stretches >= 4 else { return false }
    let (level, rows) = (level.rawValue, block.rows.count)
    let count = heads * block.stateCount(level)
    let states = Scratch<Float>(count: stretches * count)
    pool.run(pieces: stretches) { stretch in
      let scratch = Scratch<Float>(count: block.scratchCount(level, rows: rows, heads: heads))
      block.attend(
        level, stretch: stretch, states: states.start + stretch * count, scratch: scratch.start)
    }
    pool.run(pieces: heads) { head in
      let scratch = Scratch<Float>(count: block.stateCount(level))
      block.finish(
        level, head: head, stretches: stretches, states: states.start, scratch: scratch.start)
    }
    return true
  }

  /// Products that are worth a piece of their own.
  private static let attentionGrain = 32768
}

/// Rows of an attention that are computed together.
private struct AttentionBlock {
  let rows: Range<Int>
  let attention: ferry_attention

  func scratchCount(_ level: Int32, rows: Int, heads: Int) -> Int {
    withUnsafePointer(to: attention) {
      Int(ferry_attention_scratch(level, $0, Int64(rows), Int64(heads)))
    }
  }

  /// Numbers of the state of one key head.
  func stateCount(_ level: Int32) -> Int {
    withUnsafePointer(to: attention) { Int(ferry_attention_state(level, $0, Int64(rows.count))) }
  }

  func attend(_ level: Int32, head: Int, scratch: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: attention) {
      ferry_attend(
        level, $0, Int64(rows.lowerBound), Int64(rows.count), Int64(head), scratch)
    }
  }

  /// The states of all key heads after one stretch of positions.
  func attend(
    _ level: Int32, stretch: Int, states: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: attention) {
      ferry_attend_stretch(
        level, $0, Int64(rows.lowerBound), Int64(rows.count), Int64(stretch), states, scratch)
    }
  }

  /// The output of a key head from its states.
  func finish(
    _ level: Int32, head: Int, stretches: Int, states: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: attention) {
      ferry_finish_attention(
        level, $0, Int64(rows.lowerBound), Int64(rows.count), Int64(head), Int64(stretches),
        states, scratch)
    }
  }
}

extension AttentionShape {
  /// Queries of a block, so that it stays in the second-level cache and a tile of keys is used often.
  private static let blockQueries = 96

  fileprivate func blocks(of rows: Range<Int>) -> [Range<Int>] {
    let size = max(1, Self.blockQueries * keyValueHeads / heads)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: size).map {
      $0..<min($0 + size, rows.upperBound)
    }
  }
}

extension ferry_attention {
  /// The same for rows that see a span: keys and values begin there.
  fileprivate func over(_ span: Range<Int>, _ keys: Tensor, _ values: Tensor) -> Self {
    var part = self
    part.keys = UnsafeRawPointer(HostTensor(keys).at(span.lowerBound * keys.columnCount))
    part.values = UnsafeRawPointer(HostTensor(values).at(span.lowerBound * values.columnCount))
    part.span = Int64(span.count)
    return part
  }

  fileprivate init(
    queries: HostTensor, keys: HostTensor, values: HostTensor, shape: AttentionShape,
    output: HostTensor
  ) {
    self.init()
    (self.queries, self.keys) = (UnsafeRawPointer(queries.start), UnsafeRawPointer(keys.start))
    (self.values, self.output) = (UnsafeRawPointer(values.start), output.start)
    (query_type, key_type) = (queries.type, keys.type)
    (value_type, output_type) = (values.type, output.type)
    heads = Int64(shape.heads)
    key_value_heads = Int64(shape.keyValueHeads)
    head_size = Int64(shape.headSize)
    scale = shape.scale
  }
}
