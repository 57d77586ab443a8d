import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

@Suite struct ReferenceOperationsTests {
  let operations: ReferenceOperations

  init() throws {
    operations = ReferenceOperations(context: try DeviceContext(HostBackend()))
  }

  @Test func linearMultipliesByTheTransposedWeightAndAddsTheBias() throws {
    let weight = try WeightView.plain([1, 2, 3, 4, 5, 6], [2, 3])
    let bias = try WeightView.plain([10, 20], [2])
    let output = Tensor.empty(.f32, [2, 2])
    try operations.linear(
      .of([1, 0, -1, 2, 1, 0], [2, 3]), weight: weight, bias: bias, arithmetic: .weightOnly,
      into: output)
    #expect(output.floats == [8, 18, 14, 33])
  }

  @Test func linearRoundsOnceWhenItStores() throws {
    // Rounded to bf16 after every product, the three halves of the last bit would all be lost.
    let weight = try WeightView.plain([1, 0x1p-9, 0x1p-9, 0x1p-9], [1, 4])
    let output = Tensor.empty(.bf16, [1, 1])
    try operations.linear(
      .of([1, 1, 1, 1], .bf16, [1, 4]), weight: weight, bias: nil, arithmetic: .weightOnly,
      into: output)
    #expect(output.floats == [1 + 0x1p-7])
  }

  @Test func gatherDecodesTheRowsAskedFor() throws {
    let table = try WeightView.encoding([1, -1, 0.5, 2, 0, -2], .int8Rows, [3, 2])
    let output = Tensor.empty(.f32, [3, 2])
    try operations.gatherRows([2, 0, 2], of: table, into: output)
    let expected: [Float] = [0, -2, 1, -1, 0, -2]
    for (value, expected) in zip(output.floats, expected) {
      #expect(abs(value - expected) <= 1e-6)
    }
  }

  @Test func aTokenOutsideTheTableIsAnErrorThatNamesIt() throws {
    let table = try WeightView.plain([1, 2], [2, 1])
    let error = #expect(throws: OperationError.self) {
      try operations.gatherRows([0, 2], of: table, into: .empty(.f32, [2, 1]))
    }
    #expect(error?.code == .shapeMismatch)
    #expect(error?.message.contains("token 2") == true)
  }

  @Test func rmsNormScalesRowsToUnitMeanSquare() throws {
    let weight = try WeightView.plain([1, 2], [2])
    let output = Tensor.empty(.f32, [2, 2])
    try operations.rmsNorm(
      .of([3, 4, 0, 0], [2, 2]), weight: weight, epsilon: 0.5, into: output)
    let scale = 1 / Float(13).squareRoot()
    #expect(abs(output.floats[0] - 3 * scale) <= 1e-6)
    #expect(abs(output.floats[1] - 8 * scale) <= 1e-6)
    #expect(output.floats[2...] == [0, 0])
  }

  @Test func rotatePairsTheHalvesOfEveryHeadAndLeavesTheRest() throws {
    let values = Tensor.of([1, 2, 9, 3, 4, 8], [1, 6])
    let tables = Tensor.of([1, 0, 0, 1], [2, 2, 1])
    let heads = HeadShape(count: 2, size: 3, rotarySize: 2)
    try operations.rotate(values, heads: heads, tables: tables, firstPosition: 1)
    #expect(values.floats == [-2, 1, 9, -4, 3, 8])
  }

  @Test func attentionOfOnePositionIsItsValue() throws {
    let shape = AttentionShape(heads: 2, keyValueHeads: 1, headSize: 2, scale: 1)
    let output = Tensor.empty(.f32, [1, 4])
    try operations.attention(
      queries: .of([1, 2, 3, 4], [1, 4]), keys: .of([1, 1, 7, 7], [2, 2]),
      values: .of([5, 6, .nan, .nan], [2, 2]), shape: shape, firstPosition: 0, into: output)
    #expect(output.floats == [5, 6, 5, 6])
  }

  @Test func attentionSeesOnlyItsWindowAndThePast() throws {
    let shape = AttentionShape(heads: 1, keyValueHeads: 1, headSize: 1, scale: 1, window: 2)
    let output = Tensor.empty(.f32, [3, 1])
    try operations.attention(
      queries: .of([0, 0, 0], [3, 1]), keys: .of([1, 2, 3], [3, 1]),
      values: .of([8, 2, 4], [3, 1]), shape: shape, firstPosition: 0, into: output)
    #expect(output.floats == [8, 5, 3])
  }

  @Test func siluMultiplyMayWriteIntoItsGate() throws {
    let gate = Tensor.of([0, 1, -100], [3])
    try operations.siluMultiply(gate: gate, up: .of([2, 2, 2], [3]), into: gate)
    #expect(gate.floats[0] == 0)
    #expect(abs(gate.floats[1] - 1.4621172) <= 1e-6)
    #expect(abs(gate.floats[2]) <= 1e-30)
  }

  @Test func storeConvertsIntoTheRowsOfTheCache() throws {
    let cache = Tensor.of([0, 0, 0, 0, 0, 0], .f16, [3, 2])
    try operations.store(.of([1, 2.0004], [1, 2]), intoRowsOf: cache, at: 1)
    #expect(cache.floats == [0, 0, 1, 2, 0, 0])
  }

  @Test(arguments: [
    WeightFormat.plain(.bf16), .fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true)),
    .fourBit(FourBitFormat(.fp4)), .int8Rows, .dynamic8(blockSize: 5),
  ])
  func quantizeWritesTheBytesOfTheFormat(format: WeightFormat) throws {
    var numbers = TestNumbers(seed: 3)
    let values = numbers.floats(21)
    let expected = try WeightView.encoding(values, format, [3, 7])
    let weight = WeightView.empty(format, [3, 7], shift: 1)
    let offset = try operations.quantize(.of(values, [3, 7], shift: 1), into: weight)
    #expect(offset == expected.entry.nestedOffset)
    #expect(weight.parts.map(\.bytes) == expected.parts.map(\.bytes))
  }

  @Test func operandsThatDoNotFitAreErrors() throws {
    let weight = try WeightView.plain([1, 2, 3, 4], [2, 2])
    let error = #expect(throws: OperationError.self) {
      try operations.linear(
        .of([1, 2, 3], [1, 3]), weight: weight, bias: nil, arithmetic: .weightOnly,
        into: .empty(.f32, [1, 2]))
    }
    #expect(error?.code == .shapeMismatch)
    let elsewhere = BufferView(
      device: .opencl(), owner: HostMemory(byteCount: 8), handle: DeviceHandle(rawValue: 1),
      offset: 0, byteCount: 8)
    let other = #expect(throws: OperationError.self) {
      try operations.add(Tensor(elsewhere, .f32, shape: [2]), to: .of([1, 2], [2]))
    }
    #expect(other?.code == .wrongDevice)
  }
}
