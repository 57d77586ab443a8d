import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

/// The formats that a linear layer's weight may have.
let linearFormats: [WeightFormat] =
  [.plain(.f32), .plain(.f16), .plain(.bf16), .int8Rows, .dynamic8(blockSize: 100)]
  + [32, 64, 128, 256, 512, 2048, 4096].map { .fourBit(FourBitFormat(.nf4, blockSize: $0)) }
  + [32, 64, 1024].map { .fourBit(FourBitFormat(.fp4, blockSize: $0, isNested: true)) }

/// Sizes of linear layers whose rows end within vectors, groups of 64 and blocks, or on their edges, and which are
/// more than one tile, one panel and one range of columns of the kernels.
struct LinearSize: CustomTestStringConvertible {
  let columns: Int, rows: Int, outputs: Int
  init(_ columns: Int, _ rows: Int, _ outputs: Int) {
    (self.columns, self.rows, self.outputs) = (columns, rows, outputs)
  }
  var testDescription: String { "\(rows)x\(columns) by \(outputs)" }

  static let all = [
    LinearSize(1, 1, 5), LinearSize(31, 2, 9), LinearSize(96, 1, 25), LinearSize(160, 7, 11),
    LinearSize(576, 3, 5), LinearSize(576, 13, 5), LinearSize(64, 17, 27), LinearSize(2112, 9, 3),
    LinearSize(33, 25, 7), LinearSize(96, 50, 26), LinearSize(1120, 26, 3), LinearSize(192, 257, 2),
  ]
}

@Suite struct HostLinearTests {
  let context: DeviceContext
  let reference: ReferenceOperations

  init() throws {
    context = try DeviceContext(HostBackend())
    reference = ReferenceOperations(context: context)
  }

  private func host(_ level: InstructionLevel, threads: Int = 2) -> HostOperations {
    HostOperations(context: context, threads: threads, level: level)
  }

  /// Numbers that f16 and bf16 hold exactly.
  private func exactNumbers(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = TestNumbers(seed: seed)
    return numbers.floats(count).map { ($0 * 128).rounded() / 128 }
  }

  /// Σ|product| of every output: what bounds are measured in.
  private func magnitudes(_ input: [Float], _ weight: WeightView, rows: Int) throws -> [Float] {
    let decoded = Tensor.empty(.f32, weight.entry.shape)
    try reference.dequantize(weight, into: decoded)
    let absolute = try WeightView.plain(decoded.floats.map(\.magnitude), weight.entry.shape)
    let output = Tensor.empty(.f32, [rows, weight.rowCount])
    try reference.linear(
      .of(input.map(\.magnitude), [rows, weight.columnCount]), weight: absolute, bias: nil,
      arithmetic: .weightOnly, into: output)
    return output.floats
  }

  /// The weight whose products a level makes: with pairs of bf16, all are decoded to bf16 but INT8, whose codes are exact.
  private func multiplied(
    _ weight: WeightView, by type: ElementType, on level: InstructionLevel
  ) throws -> WeightView {
    guard type == .bf16, level == .avx512Dot, weight.entry.format != .int8Rows,
      weight.entry.format != .plain(.bf16)
    else { return weight }
    let decoded = Tensor.empty(.bf16, weight.entry.shape)
    try reference.dequantize(weight, into: decoded)
    return try .plain(decoded.floats, weight.entry.shape)
  }

  @Test(arguments: linearFormats, LinearSize.all)
  func sumsStayWithinTheStatedBound(format: WeightFormat, size: LinearSize) throws {
    let (k, n) = (size.columns, size.outputs)
    var numbers = TestNumbers(seed: UInt64(k))
    let weight = try WeightView.encoding(numbers.floats(n * k), format, [n, k], shift: 1)
    let bias = try WeightView.plain(numbers.floats(n), [n])
    let input = exactNumbers(size.rows * k, seed: 1)
    let magnitudes = try magnitudes(input, weight, rows: size.rows)
    for type in [ElementType.f32, .f16, .bf16] {
      var expected = [Int: [Float]]()
      for level in InstructionLevel.available {
        let output = Tensor.empty(.f32, [size.rows, n], shift: 1)
        try host(level).linear(
          .of(input, type, [size.rows, k], shift: 1), weight: weight, bias: bias,
          arithmetic: .weightOnly, into: output)
        let weight = try multiplied(weight, by: type, on: level)
        let kind = type == .bf16 && level == .avx512Dot ? 1 : 0
        if expected[kind] == nil {
          let sums = Tensor.empty(.f32, [size.rows, n])
          try reference.linear(
            .of(input, [size.rows, k]), weight: weight, bias: bias, arithmetic: .weightOnly,
            into: sums)
          expected[kind] = sums.floats
        }
        let roundings = max(Float(k) / 4, Float(min(k, 512)) + Float(k) / 256) + 16
        let pairs = zip(output.floats, expected[kind] ?? [])
        let failure = zip(pairs, magnitudes).first {
          !(abs($0.0 - $0.1) <= roundings * 0x1p-24 * ($1 + 1))
        }
        #expect(failure == nil, "\(level) \(type)")
      }
    }
  }

  /// What decoding to bf16 costs at most: half a unit in the last place of each weight, and nothing where INT8's codes are
  /// multiplied and their sums are scaled.
  @Test(arguments: linearFormats, [1, 30])
  func activationsInBF16KeepTheStatedBound(format: WeightFormat, rows: Int) throws {
    let (k, n) = (320, 6)
    var numbers = TestNumbers(seed: 8)
    let weight = try WeightView.encoding(numbers.floats(n * k), format, [n, k])
    let input = exactNumbers(rows * k, seed: 2)
    let expected = Tensor.empty(.f32, [rows, n])
    try reference.linear(
      .of(input, [rows, k]), weight: weight, bias: nil, arithmetic: .weightOnly, into: expected)
    let magnitudes = try magnitudes(input, weight, rows: rows)
    for level in InstructionLevel.available {
      let output = Tensor.empty(.f32, [rows, n])
      try host(level).linear(
        .of(input, .bf16, [rows, k]), weight: weight, bias: nil, arithmetic: .weightOnly,
        into: output)
      for (index, value) in output.floats.enumerated() {
        let decoding: Float = format == .int8Rows ? 0 : 0x1p-9
        let bound = (decoding + 400 * 0x1p-24) * magnitudes[index]
        #expect(abs(value - expected.floats[index]) <= bound, "\(level) output \(index)")
      }
    }
  }

  /// The lowest included, which no encoder makes.
  @Test(arguments: InstructionLevel.available, [1, 30])
  func everyCodeCountsInBF16(level: InstructionLevel, rows: Int) throws {
    let weight = WeightView.empty(.int8Rows, [1, 256])
    let codes = (-128...127).map { Int8($0) }
    weight.parts[0].mutableHostBytes?.copyBytes(from: codes.map { UInt8(bitPattern: $0) })
    weight.parts[1].mutableHostBytes?.storeBytes(of: 127, as: Float.self)
    for (index, code) in codes.enumerated() {
      var input = [Float](repeating: 0, count: rows * 256)
      input[(rows - 1) * 256 + index] = 1
      let output = Tensor.empty(.f32, [rows, 1])
      try host(level).linear(
        .of(input, .bf16, [rows, 256]), weight: weight, bias: nil, arithmetic: .weightOnly,
        into: output)
      #expect(abs(output.floats[rows - 1] - Float(code)) <= abs(Float(code)) * 0x1p-22, "\(code)")
    }
  }

  @Test(arguments: InstructionLevel.available, linearFormats)
  func fewRowsGiveWhatEachGivesAlone(level: InstructionLevel, format: WeightFormat) throws {
    let (k, n) = (1120, 13)
    var numbers = TestNumbers(seed: 7)
    let weight = try WeightView.encoding(numbers.floats(n * k), format, [n, k])
    let input = exactNumbers(24 * k, seed: 3)
    for type in [ElementType.f32, .bf16] {
      let alone = try (0..<24).flatMap { row in
        let output = Tensor.empty(.f32, [1, n])
        try host(level).linear(
          .of(Array(input[row * k..<(row + 1) * k]), type, [1, k]), weight: weight, bias: nil,
          arithmetic: .weightOnly, into: output)
        return output.floats
      }
      for rows in [2, 3, 4, 5, 7, 8, 12, 15, 24] where rows <= level.fewRows {
        let output = Tensor.empty(.f32, [rows, n])
        try host(level).linear(
          .of(Array(input[..<(rows * k)]), type, [rows, k]), weight: weight, bias: nil,
          arithmetic: .weightOnly, into: output)
        #expect(output.floats == Array(alone[..<(rows * n)]), "\(rows) rows of \(type)")
      }
    }
  }

  @Test(arguments: InstructionLevel.available, linearFormats)
  func resultsDoNotDependOnTheThreads(level: InstructionLevel, format: WeightFormat) throws {
    let (k, n) = (200, 67)
    var numbers = TestNumbers(seed: 5)
    let weight = try WeightView.encoding(numbers.floats(n * k), format, [n, k])
    let runs = [(1, ElementType.f32), (2, .bf16), (17, .f32), (30, .f32), (30, .bf16)]
    for (rows, type) in runs {
      let input = Tensor.of(numbers.floats(rows * k), type, [rows, k])
      for arithmetic in [LinearArithmetic.weightOnly, .llmInt8(threshold: 0.9)] {
        let outputs = try [1, 2, 5].map { threads in
          let output = Tensor.empty(.f32, [rows, n])
          try host(level, threads: threads).linear(
            input, weight: weight, bias: nil, arithmetic: arithmetic, into: output)
          return output.bytes
        }
        #expect(
          outputs[0] == outputs[1] && outputs[0] == outputs[2], "\(rows) \(type) \(arithmetic)")
      }
    }
  }

  @Test(arguments: InstructionLevel.available)
  func outputsAreRoundedOnceFromF32(level: InstructionLevel) throws {
    var numbers = TestNumbers(seed: 6)
    let weight = try WeightView.plain(numbers.floats(9 * 33), [9, 33])
    for rows in [1, 12, 40] {
      let input = Tensor.of(numbers.floats(rows * 33), [rows, 33])
      let outputs = try [ElementType.f32, .f16, .bf16].map { type in
        let output = Tensor.empty(type, [rows, 9], shift: 1)
        try host(level).linear(
          input, weight: weight, bias: nil, arithmetic: .weightOnly, into: output)
        return output.floats
      }
      #expect(outputs[1] == outputs[0].map { Float(Float16($0)) })
      #expect(outputs[2] == outputs[0].map { Float(BFloat16($0)) })
    }
  }

  @Test(arguments: [1, 31, 96, 576], [1, 2, 7, 18])
  func llmInt8FollowsTheReference(columns: Int, rows: Int) throws {
    let n = 5
    var numbers = TestNumbers(seed: UInt64(columns + rows))
    let weight = try WeightView.encoding(numbers.floats(n * columns), .int8Rows, [n, columns])
    var input = numbers.floats(rows * columns)
    input[columns / 2] = 40
    for threshold: Float in [0, 0.8, 6] {
      let expected = Tensor.empty(.f32, [rows, n])
      try reference.linear(
        .of(input, [rows, columns]), weight: weight, bias: nil,
        arithmetic: .llmInt8(threshold: threshold), into: expected)
      for level in InstructionLevel.available {
        let output = Tensor.empty(.f32, [rows, n])
        try host(level).linear(
          .of(input, [rows, columns]), weight: weight, bias: nil,
          arithmetic: .llmInt8(threshold: threshold), into: output)
        for (value, expected) in zip(output.floats, expected.floats) {
          #expect(abs(value - expected) <= 1e-5 * max(1, abs(expected)), "\(level) \(threshold)")
        }
      }
    }
  }

  /// One code in a sum of 70000 is 1 in 10⁹: only exact integers see it.
  @Test(arguments: InstructionLevel.available)
  func integerSumsAreExactBeyondTheRangeOfInt32(level: InstructionLevel) throws {
    let columns = 140_001
    let weight = WeightView.empty(.int8Rows, [1, columns])
    weight.parts[0].mutableHostBytes?.initializeMemory(as: Int8.self, repeating: 127)
    weight.parts[1].mutableHostBytes?.storeBytes(of: 127, as: Float.self)
    let input = Tensor.of([Float](repeating: 127, count: columns), [1, columns])
    let output = Tensor.empty(.f32, [1, 1])
    try host(level).linear(
      input, weight: weight, bias: nil, arithmetic: .llmInt8(threshold: 0), into: output)
    #expect(abs(output.floats[0] / Float(columns * 16129) - 1) <= 1e-6)
  }

  @Test(arguments: InstructionLevel.available)
  func aRowWithNaNGivesNaNAndTouchesNoOtherRow(level: InstructionLevel) throws {
    let weight = try WeightView.encoding([1, 2, 3, 4, 5, 6], .int8Rows, [2, 3])
    let output = Tensor.empty(.f32, [3, 2])
    try host(level).linear(
      .of([1, 1, 1, 1, .nan, 1, .infinity, 1, 1], [3, 3]), weight: weight, bias: nil,
      arithmetic: .llmInt8(threshold: 0), into: output)
    #expect(output.floats.map(\.isNaN) == [false, false, true, true, true, true])
  }

  @Test(arguments: InstructionLevel.available)
  func largeNumbersStayFiniteInBF16(level: InstructionLevel) throws {
    let weight = try WeightView.encoding(
      [Float](repeating: 60000, count: 64), .int8Rows, [1, 64])
    let output = Tensor.empty(.bf16, [1, 1])
    for arithmetic in [LinearArithmetic.weightOnly, .llmInt8(threshold: 6)] {
      try host(level).linear(
        .of([Float](repeating: 50000, count: 64), .bf16, [1, 64]), weight: weight, bias: nil,
        arithmetic: arithmetic, into: output)
      #expect(abs(output.floats[0] / (60000 * 50000 * 64) - 1) <= 0.01)
    }
  }

  @Test func noRowsAreNoWork() throws {
    let weight = try WeightView.plain([1, 2], [2, 1])
    try host(.highest).linear(
      .of([], [0, 1]), weight: weight, bias: nil, arithmetic: .weightOnly,
      into: .empty(.f32, [0, 2]))
  }
}
