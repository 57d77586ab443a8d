import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

/// LLM.int8() on every level, in sizes that leave something over everywhere.
@Suite struct HostInt8Tests {
  let context: DeviceContext
  let reference: ReferenceOperations

  init() throws {
    context = try DeviceContext(HostBackend())
    reference = ReferenceOperations(context: context)
  }

  private func host(_ level: InstructionLevel) -> HostOperations {
    HostOperations(context: context, threads: 2, level: level)
  }

  /// Codes of all values, -128 as well, which encoding does not make but a file may have; SCB is 127.
  private func weight(_ codes: [Int8], _ shape: [Int]) -> WeightView {
    let weight = WeightView.empty(.int8Rows, shape, shift: 1)
    codes.withUnsafeBytes { weight.parts[0].mutableHostBytes?.copyMemory(from: $0) }
    for row in 0..<shape[0] {
      weight.parts[1].mutableHostBytes?.storeBytes(of: 127, toByteOffset: 4 * row, as: Float.self)
    }
    return weight
  }

  private func codes(_ count: Int, from lowest: Int, _ numbers: inout TestNumbers) -> [Int8] {
    (0..<count).map { _ in Int8(lowest + Int(numbers.next() % UInt64(128 - lowest))) }
  }

  /// Every row of activations reaches 127, so that its elements are its codes.
  private func activations(_ rows: Int, _ columns: Int, _ numbers: inout TestNumbers) -> [Int8] {
    var values = codes(rows * columns, from: -127, &numbers)
    for row in 0..<rows { values[row * columns + row % columns] = 127 }
    return values
  }

  @Test(
    arguments: [1, 15, 63, 64, 65, 127, 200, 1029],
    [(1, 67), (2, 4), (3, 5), (5, 33), (6, 1), (7, 9), (13, 35), (30, 3)])
  func sumsAreThoseOfTheCodes(columns: Int, size: (rows: Int, outputs: Int)) throws {
    let (rows, outputs) = size
    var numbers = TestNumbers(seed: UInt64(columns * rows))
    let w = codes(outputs * columns, from: -128, &numbers)
    let a = activations(rows, columns, &numbers)
    let expected = (0..<rows * outputs).map { index in
      let (row, output) = (index / outputs, index % outputs)
      return (0..<columns).reduce(0) { sum, k in
        sum + Int(a[row * columns + k]) * Int(w[output * columns + k])
      }
    }
    let weight = weight(w, [outputs, columns])
    for level in InstructionLevel.available {
      for type in [ElementType.f32, .f16, .bf16] {
        let output = Tensor.empty(.f32, [rows, outputs], shift: 1)
        try host(level).linear(
          .of(a.map(Float.init), type, [rows, columns], shift: 1), weight: weight, bias: nil,
          arithmetic: .llmInt8(threshold: 0), into: output)
        // Integers below 2²⁴, times 1 to within two roundings.
        #expect(output.floats.map { Int($0.rounded()) } == expected, "\(level) \(type)")
      }
    }
  }

  /// Outliers in every place of a vector, in rows and columns of their own, and infinite ones.
  @Test(arguments: [67, 129, 4100], [1, 4, 19])
  func outlierColumnsFollowTheReference(columns: Int, rows: Int) throws {
    let outputs = 37
    var numbers = TestNumbers(seed: UInt64(columns + rows))
    let weight = try WeightView.encoding(
      numbers.floats(outputs * columns), .int8Rows, [outputs, columns], shift: 1)
    var input = numbers.floats(rows * columns)
    for index in stride(from: 3, to: input.count, by: 37 + columns / 10) { input[index] *= 50 }
    // The threshold itself, and the numbers beside it.
    for (index, value) in [Float(6), Float(6).nextDown, Float(6).nextUp, -6].enumerated() {
      input[index * columns / 4] = value
    }
    let bias = try WeightView.plain(numbers.floats(outputs), [outputs])
    for type in [ElementType.f32, .bf16] {
      let activations = Tensor.of(input, type, [rows, columns], shift: 1)
      let expected = Tensor.empty(.f32, [rows, outputs])
      try reference.linear(
        activations, weight: weight, bias: bias, arithmetic: .llmInt8(threshold: 6),
        into: expected)
      for level in InstructionLevel.available {
        let output = Tensor.empty(.f32, [rows, outputs])
        try host(level).linear(
          activations, weight: weight, bias: bias, arithmetic: .llmInt8(threshold: 6),
          into: output)
        for (value, expected) in zip(output.floats, expected.floats) {
          #expect(abs(value - expected) <= 1e-5 * max(10, abs(expected)), "\(level) \(type)")
        }
      }
    }
  }

  /// Codes times such activations overflow; products with the weight do not.
  @Test(arguments: InstructionLevel.available, [Float(0), 6])
  func largeActivationsGiveFiniteSums(level: InstructionLevel, threshold: Float) throws {
    let (columns, outputs) = (67, 9)
    var numbers = TestNumbers(seed: 11)
    let weight = try WeightView.encoding(
      numbers.floats(outputs * columns).map { $0 / 128 }, .int8Rows, [outputs, columns])
    let input = Tensor.of(numbers.floats(2 * columns).map { $0 * 1e38 }, [2, columns])
    let results = try [reference, host(level)].map { (operations: any Operations) in
      let output = Tensor.empty(.f32, [2, outputs])
      try operations.linear(
        input, weight: weight, bias: nil, arithmetic: .llmInt8(threshold: threshold), into: output)
      return output.floats
    }
    let largest = results[0].map(\.magnitude).max() ?? 0
    #expect(largest > 1e36 && largest < .infinity)
    for (expected, value) in zip(results[0], results[1]) {
      #expect(abs(value - expected) <= 1e-5 * largest)
    }
  }

  /// The factor 127 / SCA overflows where SCA is subnormal, and codes are quotients there.
  @Test(arguments: InstructionLevel.available)
  func subnormalActivationsHaveCodes(level: InstructionLevel) throws {
    let weight = weight([1, 2, 4], [1, 3])
    let output = Tensor.empty(.f32, [1, 1])
    try host(level).linear(
      .of([0x1p-130, -0x1p-131, 0x1p-140], [1, 3]), weight: weight, bias: nil,
      arithmetic: .llmInt8(threshold: 0), into: output)
    // 127 · 1 - 64 · 2 + 0 · 4
    #expect(output.floats[0] < 0 && output.floats[0] > -0x1p-136)
  }

  @Test(arguments: [LinearArithmetic.weightOnly, .llmInt8(threshold: 6)])
  func noColumnsGiveTheBias(arithmetic: LinearArithmetic) throws {
    let weight = WeightView.empty(.int8Rows, [2, 0])
    let bias = try WeightView.plain([3, 4], [2])
    let all: [any Operations] = [reference] + InstructionLevel.available.map(host)
    for operations in all {
      let output = Tensor.empty(.f32, [3, 2])
      weight.parts[1].mutableHostBytes?.initializeMemory(as: UInt8.self, repeating: 0)
      try operations.linear(
        .empty(.f32, [3, 0]), weight: weight, bias: bias, arithmetic: arithmetic, into: output)
      #expect(output.floats == [3, 4, 3, 4, 3, 4])
    }
  }
}
