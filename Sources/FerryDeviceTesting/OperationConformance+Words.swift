import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  /// Words in device memory: the same as the numbers they hold.
  static let wordChecks: [OperationCheck] = [
    OperationCheck("tokens in device memory gather what their numbers gather") { bench in
      for count in [1, 16, 40] {
        let tokens = (0..<Int32(count)).map { ($0 * 7) % 11 }
        let table = try bench.weight(
          TestValues.numbers(11 * 33, seed: 1), .plain(.f16), shape: [11, 33])
        let output = try bench.output(shape: [count, 33])
        try bench.reference.gatherRows(.numbers(tokens), of: table.host, into: output.host)
        try bench.operations.gatherRows(
          .words(bench.words(tokens)), of: table.device, into: output.device)
        try bench.requireEqualBytes(output, "\(count) rows")
      }
    },
    OperationCheck("positions in device memory are read: rotate") { bench in
      let heads = HeadShape(count: 3, size: 16, rotarySize: 16)
      for position: Int32 in [0, 3] {
        let turned = try bench.tensor(TestValues.numbers(96, seed: 5), shape: [2, 48])
        let tables = try bench.tensor(TestValues.numbers(5 * 16, seed: 6), shape: [5, 2, 8])
        try bench.reference.rotate(
          turned.host, heads: heads, tables: tables.host, firstPosition: .number(Int(position)))
        try bench.operations.rotate(
          turned.device, heads: heads, tables: tables.device,
          firstPosition: .word(bench.words([position])))
        try bench.requireClose(turned, "rows at \(position)", bound: 1e-6)
      }
    },
    OperationCheck("positions in device memory are read: store") { bench in
      for position: Int32 in [0, 3] {
        let values = try bench.tensor(TestValues.numbers(40, seed: 7), shape: [2, 20])
        let cache = try bench.output(.f16, shape: [5, 20])
        try bench.reference.store(
          values.host, intoRowsOf: cache.host, at: .number(Int(position)))
        try bench.operations.store(
          values.device, intoRowsOf: cache.device, at: .word(bench.words([position])))
        try bench.requireEqualBytes(cache, "rows at \(position)")
      }
    },
    OperationCheck("positions in device memory are read: rotateAndStore") { bench in
      for position: Int32 in [0, 3] { try rotateAndStore(atWord: position, bench) }
    },
    OperationCheck("positions in device memory are read: attention") { bench in
      for (rows, position) in [(1, 0), (1, 9), (5, 4)] {
        try attend(rows, atWord: position, window: nil, bench)
        try attend(rows, atWord: position, window: 3, bench)
      }
    },
  ]

  private static func rotateAndStore(atWord position: Int32, _ bench: OperationFixture) throws {
    let shape = AttentionShape(heads: 2, keyValueHeads: 1, headSize: 8, scale: 1)
    func numbers(_ width: Int, _ seed: UInt64) throws -> TestTensor {
      try bench.tensor(TestValues.numbers(2 * width, seed: seed), shape: [2, width])
    }
    let (queries, keys, values) = (try numbers(16, 1), try numbers(8, 2), try numbers(8, 3))
    let tables = try bench.tensor(TestValues.numbers(16, seed: 4), shape: [2, 2, 4])
    let caches = try (0..<2).map { _ in try bench.output(.f32, shape: [5, 8]) }
    for (operations, isHost) in [
      (bench.reference as any Operations, true), (bench.operations, false),
    ] {
      func side(_ tensor: TestTensor) -> Tensor { isHost ? tensor.host : tensor.device }
      try operations.rotateAndStore(
        ProjectedRows(
          queries: side(queries), keys: side(keys), values: side(values), shape: shape,
          rotarySize: 8),
        tables: side(tables),
        into: CachedRows(keys: side(caches[0]), values: side(caches[1])),
        at: isHost ? .number(Int(position)) : .word(bench.words([position])))
    }
    for tensor in caches + [queries] {
      try bench.requireClose(tensor, "rows at \(position)", bound: 1e-6)
    }
  }

  private static func attend(
    _ rows: Int, atWord position: Int, window: Int?, _ bench: OperationFixture
  ) throws {
    let shape = AttentionShape(
      heads: 2, keyValueHeads: 1, headSize: 16, scale: 0.25, window: window)
    let filled = position + rows
    let beyond = [Float](repeating: .nan, count: 32)
    let (keys, values) = (
      try bench.tensor(
        TestValues.numbers(filled * 16, seed: 13) + beyond, .f32, shape: [filled + 2, 16]),
      try bench.tensor(
        TestValues.numbers(filled * 16, seed: 14) + beyond, .f32, shape: [filled + 2, 16])
    )
    let queries = try bench.tensor(
      TestValues.numbers(rows * 32, seed: 15), .f32, shape: [rows, 32])
    let output = try bench.output(shape: [rows, 32])
    try bench.reference.attention(
      queries: queries.host, keys: keys.host, values: values.host, shape: shape,
      firstPosition: .number(position), into: output.host)
    try bench.operations.attention(
      queries: queries.device, keys: keys.device, values: values.device, shape: shape,
      firstPosition: .word(bench.words([Int32(position)])), into: output.device)
    try bench.requireClose(output, "\(rows) rows at \(position)")
  }
}

extension OperationFixture {
  /// Words in device memory.
  func words(_ values: [Int32]) throws -> BufferView {
    let bytes = values.withUnsafeBytes { Array($0) }
    let view = try memory(bytes.count, alignment: 4)
    try upload(bytes, to: view)
    return view
  }
}
