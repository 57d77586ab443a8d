import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

@Suite struct HostRowsTests {
  static let types = [ElementType.f32, .f16, .bf16]

  let context: DeviceContext
  let reference: ReferenceOperations

  init() throws {
    context = try DeviceContext(HostBackend())
    reference = ReferenceOperations(context: context)
  }

  private func host(_ level: InstructionLevel, threads: Int = 2) -> HostOperations {
    HostOperations(context: context, threads: threads, level: level)
  }

  /// Half a unit in the last place of a type, relative, and a few of f32.
  private func tolerance(_ type: ElementType) -> Float {
    switch type {
    case .f16: 0x1p-11 + 0x1p-20
    case .bf16: 0x1p-8 + 0x1p-20
    default: 0x1p-20
    }
  }

  private func expectClose(
    _ output: Tensor, _ expected: Tensor, absolute: Float = 1e-6, _ note: String
  ) {
    let bound = tolerance(output.elementType)
    for (index, (value, expected)) in zip(output.floats, expected.floats).enumerated() {
      let limit = 2 * bound * abs(expected) + absolute
      #expect(abs(value - expected) <= limit, "\(note) element \(index)")
    }
  }

  @Test(arguments: types, [1, 3, 31, 576])
  func rmsNormFollowsTheReference(type: ElementType, columns: Int) throws {
    var numbers = TestNumbers(seed: UInt64(columns))
    let input = Tensor.of(numbers.floats(3 * columns, scale: 9), type, [3, columns], shift: 1)
    let weight = try WeightView.encoding(
      numbers.floats(columns), .plain(.bf16), [columns], shift: 1)
    let expected = Tensor.empty(type, [3, columns])
    try reference.rmsNorm(input, weight: weight, epsilon: 1e-5, into: expected)
    for level in InstructionLevel.available {
      let output = Tensor.of(input.floats, type, [3, columns], shift: 1)
      try host(level).rmsNorm(output, weight: weight, epsilon: 1e-5, into: output)
      expectClose(output, expected, "\(level), in place")
    }
  }

  @Test(arguments: types, [2, 6, 64])
  func rotateFollowsTheReference(type: ElementType, rotary: Int) throws {
    var numbers = TestNumbers(seed: 4)
    let heads = HeadShape(count: 3, size: 67, rotarySize: rotary)
    let tables = Tensor.of(numbers.floats(9 * rotary), [9, 2, rotary / 2])
    let values = numbers.floats(2 * 201)
    let expected = Tensor.of(values, type, [2, 201])
    try reference.rotate(expected, heads: heads, tables: tables, firstPosition: 6)
    for level in InstructionLevel.available {
      let output = Tensor.of(values, type, [2, 201], shift: 1)
      try host(level).rotate(output, heads: heads, tables: tables, firstPosition: 6)
      expectClose(output, expected, "\(level)")
    }
  }

  @Test(arguments: types, [1, 12, 64, 100])
  func attentionFollowsTheReference(type: ElementType, size: Int) throws {
    var numbers = TestNumbers(seed: UInt64(size))
    for window in [nil, 3] {
      let shape = AttentionShape(
        heads: 4, keyValueHeads: 2, headSize: size, scale: 2, window: window)
      let queries = Tensor.of(numbers.floats(3 * 4 * size), type, [3, 4 * size], shift: 1)
      let keys = Tensor.of(numbers.floats(12 * 2 * size), type, [12, 2 * size], shift: 1)
      let values = Tensor.of(numbers.floats(12 * 2 * size), type, [12, 2 * size], shift: 1)
      let expected = Tensor.empty(type, [3, 4 * size])
      try reference.attention(
        queries: queries, keys: keys, values: values, shape: shape, firstPosition: 7,
        into: expected)
      for level in InstructionLevel.available {
        let output = Tensor.empty(type, [3, 4 * size], shift: 1)
        try host(level).attention(
          queries: queries, keys: keys, values: values, shape: shape, firstPosition: 7,
          into: output)
        expectClose(output, expected, absolute: 4e-5, "\(level)")
      }
    }
  }

  /// Scores of ±10⁴ overflow an exponential that is not taken relative to the largest.
  @Test(arguments: InstructionLevel.available)
  func attentionSurvivesLargeScores(level: InstructionLevel) throws {
    let shape = AttentionShape(heads: 1, keyValueHeads: 1, headSize: 1, scale: 1)
    let output = Tensor.empty(.f32, [1, 1])
    try host(level).attention(
      queries: .of([100], [1, 1]), keys: .of([100, -100, 99], [3, 1]),
      values: .of([7, 1, 2], [3, 1]), shape: shape, firstPosition: 2, into: output)
    #expect(abs(output.floats[0] - 7) <= 1e-6)
  }

  @Test(arguments: types, [1, 15, 100, 40000])
  func siluMultiplyAndAddFollowTheReference(type: ElementType, count: Int) throws {
    var numbers = TestNumbers(seed: UInt64(count))
    let gate = Tensor.of(numbers.floats(count, scale: 120), type, [count], shift: 1)
    let up = Tensor.of(numbers.floats(count), type, [count], shift: 1)
    let product = Tensor.empty(type, [count])
    try reference.siluMultiply(gate: gate, up: up, into: product)
    let sum = Tensor.of(gate.floats, type, [count])
    try reference.add(up, to: sum)
    for level in InstructionLevel.available {
      let output = Tensor.of(gate.floats, type, [count], shift: 1)
      try host(level).siluMultiply(gate: output, up: up, into: output)
      expectClose(output, product, absolute: 1e-7, "silu \(level)")
      let total = Tensor.of(gate.floats, type, [count], shift: 1)
      try host(level).add(up, to: total)
      #expect(total.bytes == sum.bytes, "add \(level)")
    }
  }

  @Test(arguments: InstructionLevel.available)
  func nanPassesThroughSilu(level: InstructionLevel) throws {
    let output = Tensor.empty(.f32, [3])
    try host(level).siluMultiply(
      gate: .of([.nan, .infinity, -.infinity], [3]), up: .of([1, 1, 1], [3]), into: output)
    #expect(output.floats[0].isNaN)
    #expect(output.floats[1] == .infinity)
  }

  @Test(arguments: InstructionLevel.available)
  func rowOperationsDoNotDependOnTheThreads(level: InstructionLevel) throws {
    var numbers = TestNumbers(seed: 2)
    let shape = AttentionShape(heads: 6, keyValueHeads: 3, headSize: 16, scale: 0.25)
    let queries = Tensor.of(numbers.floats(40 * 96), [40, 96])
    let keys = Tensor.of(numbers.floats(40 * 48), .f16, [40, 48])
    let weight = try WeightView.plain(numbers.floats(96), [96])
    let results = try [1, 2, 5].map { threads in
      let operations = host(level, threads: threads)
      let output = Tensor.empty(.f32, [40, 96])
      try operations.attention(
        queries: queries, keys: keys, values: keys, shape: shape, firstPosition: 0, into: output)
      try operations.rmsNorm(output, weight: weight, epsilon: 0, into: output)
      return output.bytes
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
