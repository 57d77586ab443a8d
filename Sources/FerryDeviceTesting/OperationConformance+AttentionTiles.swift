import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  /// Attention of 16-bit types at sizes and alignments for which there may be matrix units.
  public static let attentionTileChecks: [OperationCheck] = [
    OperationCheck("attention of one row over a long cache") { bench in
      for (shared, position) in [(1, 0), (3, 699), (4, 512), (8, 255)] {
        try attend(AttentionCase(shared: shared, position: position, capacity: 800), bench)
      }
      try attend(
        AttentionCase(type: .bf16, headSize: 128, shared: 4, position: 600, window: 530), bench)
      try attend(AttentionCase(shared: 8, rows: 2, position: 520), bench)
    },
    OperationCheck("attention of some rows over a long cache") { bench in
      try attend(AttentionCase(keyHeads: 1, shared: 4, rows: 9, position: 590), bench)
      try attend(
        AttentionCase(
          type: .bf16, keyHeads: 1, shared: 5, rows: 13, position: 530, capacity: 1100, window: 520),
        bench)
    },
    OperationCheck("attention of many rows, at the edges of tiles") { bench in
      for (shared, rows, position) in [(1, 64, 0), (4, 17, 0), (3, 43, 30), (2, 33, 64)] {
        try attend(AttentionCase(shared: shared, rows: rows, position: position), bench)
      }
      try attend(AttentionCase(type: .bf16, rows: 40, position: 17, window: 9), bench)
    },
    OperationCheck("attention in tiles with heads of every size") { bench in
      for (headSize, type) in [
        (64, ElementType.bf16), (80, .f16), (96, .bf16), (128, .f16), (256, .bf16),
      ] {
        try attend(
          AttentionCase(type: type, headSize: headSize, keyHeads: 1, rows: 20, position: 3), bench)
        try attend(
          AttentionCase(type: type, headSize: headSize, keyHeads: 1, position: 514), bench)
      }
    },
    OperationCheck("attention of what is not for tiles: sizes, types, alignments") { bench in
      try attend(AttentionCase(headSize: 48, rows: 18, position: 7), bench)
      try attend(AttentionCase(cache: .bf16, rows: 18, position: 7), bench)
      try attend(AttentionCase(rows: 18, position: 7, alignment: 2), bench)
    },
    OperationCheck(
      "attention in tiles stays finite for large scores of either sign, and for equal ones"
    ) {
      bench in
      for scale: Float in [300, -300, 0] {
        try attend(AttentionCase(rows: 20, position: 5, scale: scale), bench)
        try attend(AttentionCase(position: 520, scale: scale), bench)
      }
    },
    OperationCheck("attention finds one position that outweighs the others, wherever it is") {
      bench in
      for place in [0, 63, 64, 256, 383, 384, 700] {
        try attend(AttentionCase(keyHeads: 1, position: 700, scale: 4, only: place), bench)
      }
    },
    OperationCheck("a recorded attention follows the position in device memory") { bench in
      bench.alignment = 16
      try followsPositions(bench)
    },
  ]
}

/// One attention: its sizes and numbers.
private struct AttentionCase {
  /// Of queries and output.
  var type = ElementType.f16
  /// Of keys and values; nil: that of queries.
  var cache: ElementType?
  var headSize = 64
  var keyHeads = 2
  /// Query heads of a key head.
  var shared = 2
  var rows = 1
  var position = 0
  var capacity: Int?
  var window: Int?
  var scale: Float = 0.125
  var alignment = 16
  /// The only position whose key is not zero but like every query; nil: all are random.
  var only: Int?

  var shape: AttentionShape {
    AttentionShape(
      heads: keyHeads * shared, keyValueHeads: keyHeads, headSize: headSize, scale: scale,
      window: window)
  }

  var filled: Int { position + rows }
  var width: Int { keyHeads * headSize }

  var keys: [Float] {
    guard let only else { return TestValues.numbers(filled * width, seed: 41, scale: 2) }
    return (0..<filled * width).map { $0 / width == only ? 1 : 0 }
  }

  var queries: [Float] {
    let count = rows * shared * width
    return only == nil
      ? TestValues.numbers(count, seed: 43, scale: 2) : Array(repeating: 1, count: count)
  }
}

// MARK: - Running

extension OperationConformance {
  /// Values are below 2. A weight of a position may be rounded to their type, which changes a mean of
  /// values by at most the same part of the largest value; f32 takes no share in that.
  private static let largestValue: Float = 2

  private static func attend(_ test: AttentionCase, _ bench: OperationFixture) throws {
    bench.alignment = test.alignment
    let operands = try AttentionOperands(test, bench)
    try bench.reference.attention(
      queries: operands.queries.host, keys: operands.keys.host, values: operands.values.host,
      shape: test.shape, firstPosition: .number(test.position), into: operands.output.host)
    try operands.attend(
      bench, .word(bench.words([Int32(test.position)])), into: operands.output.device)
    try bench.requireClose(
      operands.output, "\(test)", bound: test.type == .f16 ? 0x1p-11 : 0x1p-8, of: largestValue)
  }

  /// Records an attention at one position and runs it at others, where the device records.
  private static func followsPositions(_ bench: OperationFixture) throws {
    guard let recording = bench.context.compute.recording else { return }
    let test = AttentionCase(shared: 4, position: 900, capacity: 1000)
    let operands = try AttentionOperands(test, bench)
    let (word, again) = (
      try bench.words([0]), try bench.output(test.type, shape: operands.output.device.shape)
    )
    try operands.attend(bench, .word(word), into: operands.output.device)
    try recording.beginRecording()
    try operands.attend(bench, .word(word), into: operands.output.device)
    let graph = try recording.endRecording()
    for position: Int32 in [0, 300, 900] {
      try bench.upload(withUnsafeBytes(of: position) { Array($0) }, to: word)
      try recording.launch(graph)
      try operands.attend(bench, .number(Int(position)), into: again.device)
      try bench.requireSameBytes(operands.output, again, "the row at \(position)")
    }
  }
}

/// The tensors of an attention.
private struct AttentionOperands {
  let shape: AttentionShape
  let queries: TestTensor
  let keys: TestTensor
  let values: TestTensor
  let output: TestTensor

  init(_ test: AttentionCase, _ bench: OperationFixture) throws {
    let capacity = test.capacity ?? test.filled + 3
    // What lies beyond the filled positions is not read.
    let beyond = [Float](repeating: .nan, count: (capacity - test.filled) * test.width)
    func cached(_ numbers: [Float]) throws -> TestTensor {
      try bench.tensor(
        numbers + beyond, test.cache ?? test.type, shape: [capacity, test.width])
    }
    let extents = [test.rows, test.shared * test.width]
    shape = test.shape
    keys = try cached(test.keys)
    values = try cached(
      TestValues.numbers(test.filled * test.width, seed: 42, scale: 2))
    queries = try bench.tensor(test.queries, test.type, shape: extents)
    output = try bench.output(test.type, shape: extents)
  }

  func attend(_ bench: OperationFixture, _ position: Position, into target: Tensor) throws {
    try bench.operations.attention(
      queries: queries.device, keys: keys.device, values: values.device, shape: shape,
      firstPosition: position, into: target)
  }
}
