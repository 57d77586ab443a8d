import FerryDevices
import FerryFormats
import FerryTensors

// MARK: - One operand

extension OperandChecks {
  func activations(_ tensor: Tensor, _ role: String) throws(OperationError) {
    try isHere(tensor.view, role)
    guard tensor.elementType.isWeightFloat else {
      throw OperationError(
        .unsupported, "\(role) of type \(tensor.elementType): operations take f32, f16 and bf16")
    }
  }

  func usable(_ weight: WeightView) throws(OperationError) {
    let name = weight.entry.name
    for index in weight.parts.indices { try isHere(weight.parts[index], "weight \(name)") }
    if case .plain(let type) = weight.entry.format, !type.isWeightFloat {
      throw OperationError(
        .unsupported, "weight \(name) is stored as \(type): operations take f32, f16 and bf16")
    }
    if case .opaque = weight.entry.format {
      throw OperationError(
        .unsupported,
        "weight \(name) is of a type that is moved but not computed with: operations take f32, f16 and bf16"
      )
    }
    if case .dynamic8(let blockSize) = weight.entry.format, blockSize < 1 {
      throw OperationError(.unsupported, "weight \(name) has blocks of \(blockSize) elements")
    }
    let (parts, planned) = (weight.parts, weight.entry.parts)
    try expect(
      parts.count == planned.count
        && parts.indices.allSatisfy { parts[$0].byteCount == planned[$0].byteCount },
      "weight \(name) \(weight.entry.shape) has parts of \(parts.map(\.byteCount)) bytes instead of "
        + "\(planned.map(\.byteCount))")
  }

  func plain(
    _ weight: WeightView, count: Int, _ role: String
  ) throws(OperationError) {
    try usable(weight)
    guard case .plain = weight.entry.format else {
      throw OperationError(
        .unsupported, "\(role) \(weight.entry.name) is quantized; keep it plain")
    }
    try expect(
      weight.entry.count == count,
      "\(role) \(weight.entry.name) has \(weight.entry.count) elements instead of \(count)")
  }

  func isHere(
    _ view: BufferView, _ role: @autoclosure () -> String
  ) throws(OperationError) {
    guard view.device == device else {
      throw OperationError(
        .wrongDevice,
        "\(role()) lies on \(view.device), the operation runs on \(device); move it there first")
    }
  }
}

// MARK: - Two operands

extension OperandChecks {
  func sameMatrix(_ input: Tensor, _ output: Tensor) throws(OperationError) {
    try expect(
      input.rowCount == output.rowCount && input.columnCount == output.columnCount,
      "input \(input.shape) and output \(output.shape) differ in shape")
  }

  func sameCount(_ left: Tensor, _ right: Tensor) throws(OperationError) {
    try expect(
      left.count == right.count, "operands \(left.shape) and \(right.shape) differ in count")
  }

  func sameCount(_ weight: WeightView, _ tensor: Tensor) throws(OperationError) {
    try expect(
      weight.entry.count == tensor.count,
      "weight \(weight.entry.name) \(weight.entry.shape) and tensor \(tensor.shape) differ in count"
    )
  }

  /// Activations of one type.
  func sameType(_ tensors: [(Tensor, String)]) throws(OperationError) {
    for (tensor, role) in tensors {
      try activations(tensor, role)
      try expect(
        tensor.elementType == tensors[0].0.elementType,
        "\(tensors[0].1) of type \(tensors[0].0.elementType) and \(role) of type "
          + "\(tensor.elementType): this operation takes one type")
    }
  }

  /// Queries, keys and values have rows of as many heads as the shape says.
  func heads(
    _ shape: AttentionShape, queries: Tensor, keys: Tensor, values: Tensor
  ) throws(OperationError) {
    try expect(
      shape.headSize > 0 && shape.keyValueHeads > 0 && shape.heads > 0
        && shape.heads % shape.keyValueHeads == 0 && shape.window ?? 1 > 0,
      "\(shape.heads) query heads of \(shape.headSize) do not share \(shape.keyValueHeads) heads "
        + "of keys")
    let cached = shape.keyValueHeads * shape.headSize
    try expect(
      queries.columnCount == shape.heads * shape.headSize && keys.columnCount == cached
        && values.columnCount == cached,
      "queries \(queries.shape), keys \(keys.shape), values \(values.shape) are not rows of "
        + "\(shape.heads) and \(shape.keyValueHeads) heads of \(shape.headSize)")
  }

  func expect(
    _ condition: Bool, _ message: @autoclosure () -> String
  ) throws(OperationError) {
    guard condition else { throw OperationError(.shapeMismatch, message()) }
  }
}

// MARK: - Words

extension OperandChecks {
  /// `count` rows from `first` on are among `limit`; what a word says is known when the work runs.
  func fits(
    _ first: Position, _ count: Int, _ limit: Int, _ what: String
  ) throws(OperationError) {
    switch first {
    case .word(let view):
      try words(view, "a position", atLeast: 1)
      try expect(count <= limit, "\(count) rows do not fit \(what) of \(limit) positions")
    case .number(let number):
      try expect(
        number >= 0 && number <= limit - count,
        "positions \(number)..<\(number + count) are outside \(what) of \(limit) positions")
    }
  }

  /// Numbers of four bytes, which a kernel reads as such.
  func words(_ view: BufferView, _ what: String, atLeast count: Int = 0) throws(OperationError) {
    try isHere(view, what)
    try expect(
      view.byteCount >= 4 * count && view.byteCount % 4 == 0 && view.offset % 4 == 0,
      "\(what) in \(view.byteCount) bytes at byte \(view.offset): words have four bytes each, at a "
        + "multiple of four")
  }

  /// One span for each of `count` results.
  func spans(_ spans: RowSpans, count: Int) throws(OperationError) {
    try words(spans.view, "spans of rows")
    try expect(
      spans.view.byteCount == count * RowSpans.stride,
      "spans of \(spans.view.byteCount) bytes are not \(count) pairs of words")
  }

  /// What spans say now, where words can be read: on the host; all of them lie in `rows` rows.
  func ranges(_ spans: RowSpans, in rows: Int) throws(OperationError) -> [Range<Int>] {
    let bytes = spans.view.bytesOnHost
    return try (0..<spans.count).map { (index) throws(OperationError) in
      let (first, end) = (
        Int(bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt32.self)),
        Int(bytes.loadUnaligned(fromByteOffset: 8 * index + 4, as: UInt32.self))
      )
      try expect(
        first < end && end <= rows,
        "span \(index), rows \(first)..<\(end), is no part of \(rows) rows")
      return first..<end
    }
  }

  /// What a position says now, where words can be read: on the host.
  func number(_ position: Position) throws(OperationError) -> Int {
    switch position {
    case .number(let number): return number
    case .word(let view):
      try words(view, "a position", atLeast: 1)
      return Int(view.bytesOnHost.loadUnaligned(as: UInt32.self))
    }
  }

  /// The tokens, where words can be read: on the host.
  func numbers(_ tokens: TokenList) throws(OperationError) -> [Int32] {
    switch tokens {
    case .numbers(let numbers): return numbers
    case .words(let view):
      try words(view, "tokens")
      return (0..<tokens.count).map {
        view.bytesOnHost.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)
      }
    }
  }
}
