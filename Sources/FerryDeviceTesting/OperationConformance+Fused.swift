import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  /// Operations that stand for several: the same bits as those of the same implementation.
  static let fusedChecks: [OperationCheck] = [
    OperationCheck("several linear layers of one input are each of them, to the bit") { bench in
      for (rows, columns) in [(1, 576), (3, 96), (9, 31), (26, 64)] {
        try layers(rows, columns, .f32, .weightOnly, bench)
        try layers(rows, columns, .bf16, .llmInt8(threshold: 6), bench)
      }
    },
    OperationCheck("addAndNormalize is add and then rmsNorm, to the bit") { bench in
      for columns in [1, 15, 16, 100, 576] {
        for type in ElementType.tested { try addAndNormalize(3, columns, type, type, bench) }
      }
      try addAndNormalize(2, 48, .f16, .f32, bench)
    },
    OperationCheck("rotateAndStore is rotate and then store, to the bit") { bench in
      let shape = AttentionShape(heads: 6, keyValueHeads: 2, headSize: 16, scale: 1)
      for type in ElementType.tested {
        for cache in ElementType.tested {
          try rotateAndStore(shape, rotated: 16, 3, type, cache, bench)
        }
      }
      try rotateAndStore(shape, rotated: 6, 2, .f32, .f32, bench)
      try rotateAndStore(shape, rotated: 0, 1, .f16, .f16, bench)
      let large = AttentionShape(heads: 3, keyValueHeads: 1, headSize: 80, scale: 1)
      try rotateAndStore(large, rotated: 80, 5, .f32, .f16, bench)
    },
  ]

  /// Layers of several formats, alike and not, with rows that no number divides.
  private static func layers(
    _ rows: Int, _ columns: Int, _ type: ElementType, _ arithmetic: LinearArithmetic,
    _ bench: OperationFixture
  ) throws {
    let nf4 = WeightFormat.fourBit(FourBitFormat(.nf4))
    let formats = [nf4, nf4, .int8Rows, .plain(.bf16), .plain(.f32), .int8Rows]
    let input = try bench.tensor(
      TestValues.numbers(rows * columns, seed: 51, scale: 4), type, shape: [rows, columns])
    let bias = try bench.weight(TestValues.numbers(29, seed: 52), .plain(.f16), shape: [29])
    var layers: [LinearLayer] = []
    var outputs: [(together: TestTensor, alone: TestTensor)] = []
    for (index, format) in formats.enumerated() {
      let count = [29, 1, 50, 29, 7, 33][index]
      let weight = try bench.weight(
        TestValues.numbers(count * columns, seed: UInt64(53 + index)), format,
        shape: [count, columns])
      let output = (
        together: try bench.output(type, shape: [rows, count]),
        alone: try bench.output(type, shape: [rows, count])
      )
      let own = count == 29 ? bias.device : nil
      layers.append(LinearLayer(weight.device, bias: own, into: output.together.device))
      outputs.append(output)
      try bench.operations.linear(
        input.device, weight: weight.device, bias: own, arithmetic: arithmetic,
        into: output.alone.device)
    }
    try bench.operations.linear(input.device, layers: layers, arithmetic: arithmetic)
    for (index, output) in outputs.enumerated() {
      try bench.requireSameBytes(
        output.together, output.alone, "layer \(index) of \(rows) rows of \(columns) \(type)")
    }
  }

  private static func addAndNormalize(
    _ rows: Int, _ columns: Int, _ type: ElementType, _ added: ElementType,
    _ bench: OperationFixture
  ) throws {
    let extents = [rows, columns]
    let count = rows * columns
    func target() throws -> TestTensor {
      try bench.tensor(TestValues.numbers(count, seed: 31, scale: 3), type, shape: extents)
    }
    let (one, two) = (try target(), try target())
    let values = try bench.tensor(
      TestValues.numbers(count, seed: 32, scale: 3), added, shape: extents)
    let weight = try bench.weight(
      TestValues.numbers(columns, seed: 33), .plain(.bf16), shape: [columns])
    let (fused, apart) = (
      try bench.output(type, shape: extents), try bench.output(type, shape: extents)
    )
    try bench.operations.addAndNormalize(
      values.device, to: one.device, weight: weight.device, epsilon: 1e-5, into: fused.device)
    try bench.operations.add(values.device, to: two.device)
    try bench.operations.rmsNorm(
      two.device, weight: weight.device, epsilon: 1e-5, into: apart.device)
    try bench.requireSameBytes(one, two, "the sum of \(rows) rows of \(columns) \(type)")
    try bench.requireSameBytes(fused, apart, "the norm of \(rows) rows of \(columns) \(type)")
  }

  private static func rotateAndStore(
    _ shape: AttentionShape, rotated: Int, _ rows: Int, _ type: ElementType, _ cache: ElementType,
    _ bench: OperationFixture
  ) throws {
    let fused = try LayerRows(shape, rotated, rows, type, cache, bench)
    let apart = try LayerRows(shape, rotated, rows, type, cache, bench)
    let (operations, tables) = (bench.operations, apart.tables.device)
    try operations.rotateAndStore(
      fused.projected, tables: fused.tables.device, into: fused.cached, at: 2)
    try bench.requireSameBytes(fused.keys, apart.keys, "keys before they are rotated")
    let (q, k) = (apart.projected.queryHeads, apart.projected.keyHeads)
    try operations.rotate(apart.queries.device, heads: q, tables: tables, firstPosition: 0)
    try operations.rotate(apart.keys.device, heads: k, tables: tables, firstPosition: 0)
    try operations.store(apart.keys.device, intoRowsOf: apart.keyCache.device, at: 2)
    try operations.store(apart.values.device, intoRowsOf: apart.valueCache.device, at: 2)
    try bench.requireSameBytes(fused.queries, apart.queries, "queries of \(type)")
    try bench.requireSameBytes(fused.keyCache, apart.keyCache, "keys of \(type) as \(cache)")
    try bench.requireSameBytes(fused.valueCache, apart.valueCache, "values of \(type)")
  }
}

/// The operands of one layer's rotateAndStore.
private struct LayerRows {
  let queries, keys, values, tables, keyCache, valueCache: TestTensor
  let projected: ProjectedRows

  init(
    _ shape: AttentionShape, _ rotated: Int, _ rows: Int, _ type: ElementType,
    _ cache: ElementType, _ bench: OperationFixture
  ) throws {
    let widths = [shape.heads, shape.keyValueHeads].map { $0 * shape.headSize }
    func numbers(_ width: Int, _ seed: UInt64) throws -> TestTensor {
      try bench.tensor(
        TestValues.numbers(rows * width, seed: seed, scale: 2), type, shape: [rows, width])
    }
    queries = try numbers(widths[0], 34)
    keys = try numbers(widths[1], 35)
    values = try numbers(widths[1], 36)
    tables = try bench.tensor(
      TestValues.numbers(rows * rotated, seed: 37), shape: [rows, 2, rotated / 2])
    keyCache = try bench.output(cache, shape: [rows + 4, widths[1]])
    valueCache = try bench.output(cache, shape: [rows + 3, widths[1]])
    projected = ProjectedRows(
      queries: queries.device, keys: keys.device, values: values.device, shape: shape,
      rotarySize: rotated)
  }

  var cached: CachedRows { CachedRows(keys: keyCache.device, values: valueCache.device) }
}
