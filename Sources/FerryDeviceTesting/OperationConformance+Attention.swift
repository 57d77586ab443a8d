import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let attentionChecks: [OperationCheck] = [
    OperationCheck("attention is causal, from the first position and from later ones") { bench in
      let shape = AttentionShape(heads: 4, keyValueHeads: 2, headSize: 16, scale: 0.25)
      for (rows, position) in [(1, 0), (7, 0), (1, 12), (3, 5), (33, 2)] {
        try attend(shape, rows, at: position, bench: bench)
      }
    },
    OperationCheck("attention with heads of any size, grouped or not") { bench in
      for (heads, groups, size) in [(3, 1, 20), (2, 2, 1), (9, 3, 64), (4, 4, 32)] {
        let shape = AttentionShape(
          heads: heads, keyValueHeads: groups, headSize: size,
          scale: 1 / Float(size).squareRoot())
        try attend(shape, 2, at: 9, bench: bench)
      }
    },
    OperationCheck("attention through a window") { bench in
      for window in [1, 4, 100] {
        let shape = AttentionShape(
          heads: 2, keyValueHeads: 1, headSize: 16, scale: 0.25, window: window)
        for position in [0, 11] { try attend(shape, 5, at: position, bench: bench) }
      }
    },
    OperationCheck("attention over a cache of another type, into every type") { bench in
      let shape = AttentionShape(heads: 2, keyValueHeads: 1, headSize: 32, scale: 0.2)
      for (type, cache) in zip(ElementType.tested, [ElementType.f16, .f16, .bf16]) {
        try attend(shape, 3, at: 4, type, cache: cache, bench: bench)
      }
    },
    OperationCheck("attention of more rows than some grids have groups along an axis") { bench in
      let shape = AttentionShape(
        heads: 1, keyValueHeads: 1, headSize: 2, scale: 1, window: 1)
      try attend(shape, 65_540, at: 0, bench: bench)
    },
    OperationCheck("the softmax stays finite for large scores of either sign") { bench in
      for scale: Float in [300, -300] {
        let shape = AttentionShape(heads: 2, keyValueHeads: 2, headSize: 16, scale: scale)
        try attend(shape, 4, at: 6, bound: 1e-3, bench: bench)
      }
    },
  ]

  private static func attend(
    _ shape: AttentionShape, _ rows: Int, at position: Int, _ type: ElementType = .f32,
    cache: ElementType = .f32, bound: Float = 4e-6, bench: OperationFixture
  ) throws {
    let width = shape.keyValueHeads * shape.headSize
    let capacity = position + rows + 3
    // What lies beyond the filled positions is not read.
    let filled = (position + rows) * width
    func cached(_ seed: UInt64) throws -> TestTensor {
      let beyond = [Float](repeating: .nan, count: 3 * width)
      let values = TestValues.numbers(filled, seed: seed, scale: 2) + beyond
      return try bench.tensor(values, cache, shape: [capacity, width])
    }
    let (keys, values) = (try cached(13), try cached(14))
    let extents = [rows, shape.heads * shape.headSize]
    let queries = try bench.tensor(
      TestValues.numbers(extents[0] * extents[1], seed: 15, scale: 2), type, shape: extents)
    let output = try bench.output(type, shape: extents)
    try bench.reference.attention(
      queries: queries.host, keys: keys.host, values: values.host, shape: shape,
      firstPosition: .number(position), into: output.host)
    try bench.operations.attention(
      queries: queries.device, keys: keys.device, values: values.device, shape: shape,
      firstPosition: .number(position), into: output.device)
    try bench.requireClose(output, "\(rows) rows at \(position)", bound: bound)
  }
}
