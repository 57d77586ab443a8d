import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  /// The operations of models that see a whole text at once.
  static let encoderChecks: [OperationCheck] = [
    OperationCheck("layerNorm of rows of any length, into another tensor and in place") { bench in
      for columns in [1, 15, 16, 31, 160, 384] {
        for rows in [1, 7] { try norm(rows, columns, .f32, .f32, bench) }
      }
    },
    OperationCheck("layerNorm takes activations and weights of every type") { bench in
      for (type, weight) in zip(ElementType.tested + [.f32], [ElementType.bf16, .f16, .bf16, .f16])
      {
        try norm(3, 100, type, weight, bench)
      }
    },
    OperationCheck("layerNorm of rows far from zero, and of equal elements") { bench in
      try norm(2, 384, .f32, .f32, shiftedBy: 1000, bound: 2e-3, bench)
      try norm(2, 48, .f32, .f32, scale: 0, shiftedBy: 3, bench)
    },
    OperationCheck("attendWithin sees the rows of its span and no others") { bench in
      let shape = AttentionShape(heads: 4, keyValueHeads: 2, headSize: 16, scale: 0.25)
      for lengths in [[1], [7], [1, 7, 2], [33, 5, 64]] {
        try attend(shape, lengths: lengths, bench: bench)
      }
    },
    OperationCheck("attendWithin with heads of any size, grouped or not") { bench in
      for (heads, groups, size) in [(3, 1, 20), (2, 2, 1), (12, 12, 32), (2, 1, 150)] {
        let shape = AttentionShape(
          heads: heads, keyValueHeads: groups, headSize: size,
          scale: 1 / Float(size).squareRoot())
        try attend(shape, lengths: [3, 9], bench: bench)
      }
    },
    OperationCheck("attendWithin of every type, and with large scores of either sign") { bench in
      let shape = AttentionShape(heads: 2, keyValueHeads: 2, headSize: 32, scale: 0.2)
      for type in ElementType.tested { try attend(shape, lengths: [5, 4], type, bench: bench) }
      for scale: Float in [300, -300] {
        let shape = AttentionShape(heads: 2, keyValueHeads: 2, headSize: 16, scale: scale)
        try attend(shape, lengths: [4, 6], bound: 1e-3, bench: bench)
      }
    },
    OperationCheck("meanRows takes spans of any length, also of rows that others take") { bench in
      for type in ElementType.tested {
        for columns in [1, 33, 384] { try mean(columns, type, bench) }
      }
    },
    OperationCheck("gelu of any type and size, into another tensor and in place") { bench in
      for type in ElementType.tested {
        for count in [1, 127, 576] {
          try gelu(TestValues.numbers(count, seed: 44, scale: 4), type, bench)
        }
      }
      try gelu([0, -0.0, 1, -1, 1.3, -1.3, 1.32, -1.32, 5, -5, 20, -20, 3e4, -3e4], .f32, bench)
    },
    OperationCheck("spans for another number of rows, and mixed types, are refused") { bench in
      let spans = try spans([0..<1, 0..<2], bench)
      let (rows, halves) = (
        try bench.output(shape: [3, 8]), try bench.output(.f16, shape: [2, 8])
      )
      try requireShapeMismatch("two spans for three means") {
        try bench.operations.meanRows(
          RowSpans(spans.device.view), of: rows.device, into: rows.device)
      }
      try requireShapeMismatch("f16 into f32") {
        try bench.operations.gelu(halves.device, into: rows.device.rows(0..<2))
      }
    },
  ]

  private static func norm(
    _ rows: Int, _ columns: Int, _ type: ElementType, _ weightType: ElementType,
    scale: Float = 3, shiftedBy shift: Float = 0, bound: Float = 4e-6, _ bench: OperationFixture
  ) throws {
    let shape = [rows, columns]
    let values = TestValues.numbers(rows * columns, seed: UInt64(columns), scale: scale)
    let input = try bench.tensor(values.map { $0 + shift }, type, shape: shape)
    let (weight, bias) = (
      try bench.weight(TestValues.numbers(columns, seed: 41), .plain(weightType), shape: [columns]),
      try bench.weight(TestValues.numbers(columns, seed: 42), .plain(.f32), shape: [columns])
    )
    let output = try bench.output(type, shape: shape)
    for target in [output, input] {
      try bench.reference.layerNorm(
        input.host, weight: weight.host, bias: bias.host, epsilon: 1e-5, into: target.host)
      try bench.operations.layerNorm(
        input.device, weight: weight.device, bias: bias.device, epsilon: 1e-5,
        into: target.device)
      try bench.requireClose(target, "\(rows) rows of \(columns) \(type)", bound: bound)
    }
  }

  private static func spans(
    _ ranges: [Range<Int>], _ bench: OperationFixture
  ) throws -> TestTensor {
    let bytes = RowSpans.words(ranges).withUnsafeBytes { Array($0) }
    return try bench.tensor(bytes: bytes, .f32, shape: [bytes.count / 4])
  }

  private static func attend(
    _ shape: AttentionShape, lengths: [Int], _ type: ElementType = .f32, bound: Float = 4e-6,
    bench: OperationFixture
  ) throws {
    let rows = lengths.reduce(0, +)
    var ranges: [Range<Int>] = []
    for length in lengths {
      ranges += Array(repeating: ranges.count..<ranges.count + length, count: length)
    }
    let spans = try spans(ranges, bench)
    func numbers(_ heads: Int, _ seed: UInt64) throws -> TestTensor {
      let width = heads * shape.headSize
      return try bench.tensor(
        TestValues.numbers(rows * width, seed: seed, scale: 2), type, shape: [rows, width])
    }
    let queries = try numbers(shape.heads, 45)
    let (keys, values) = (
      try numbers(shape.keyValueHeads, 46), try numbers(shape.keyValueHeads, 47)
    )
    let output = try bench.output(type, shape: queries.host.shape)
    try bench.reference.attendWithin(
      RowSpans(spans.host.view), queries: queries.host, keys: keys.host, values: values.host,
      shape: shape, into: output.host)
    try bench.operations.attendWithin(
      RowSpans(spans.device.view), queries: queries.device, keys: keys.device,
      values: values.device, shape: shape, into: output.device)
    try bench.requireClose(output, "texts of \(lengths) rows, \(type)", bound: bound)
  }

  private static func mean(
    _ columns: Int, _ type: ElementType, _ bench: OperationFixture
  ) throws {
    let input = try bench.tensor(
      TestValues.numbers(9 * columns, seed: 43, scale: 2), type, shape: [9, columns])
    let ranges = [0..<1, 0..<9, 3..<5, 8..<9]
    let (spans, output) = (
      try spans(ranges, bench), try bench.output(shape: [ranges.count, columns])
    )
    try bench.reference.meanRows(RowSpans(spans.host.view), of: input.host, into: output.host)
    try bench.operations.meanRows(
      RowSpans(spans.device.view), of: input.device, into: output.device)
    try bench.requireClose(output, "\(columns) columns of \(type)", bound: 1e-6)
  }

  private static func gelu(
    _ values: [Float], _ type: ElementType, _ bench: OperationFixture
  ) throws {
    let input = try bench.tensor(values, type)
    let output = try bench.output(type, shape: [values.count])
    for target in [output, input] {
      try bench.reference.gelu(input.host, into: target.host)
      try bench.operations.gelu(input.device, into: target.device)
      try bench.requireClose(target, "\(values.count) of \(type)", bound: 1e-6)
    }
  }
}
