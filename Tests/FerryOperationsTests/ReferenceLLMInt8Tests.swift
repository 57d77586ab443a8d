import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

@Suite struct ReferenceLLMInt8Tests {
  let operations: ReferenceOperations

  init() throws {
    operations = ReferenceOperations(context: try DeviceContext(HostBackend()))
  }

  private func product(
    _ input: [Float], _ shape: [Int], by weight: WeightView, threshold: Float
  ) throws -> [Float] {
    let output = Tensor.empty(.f32, [shape[0], weight.rowCount])
    try operations.linear(
      .of(input, shape), weight: weight, bias: nil,
      arithmetic: .llmInt8(threshold: threshold), into: output)
    return output.floats
  }

  @Test func codesOfActivationsAreRoundedHalfToEven() throws {
    // SCA = 127, so codes are the activations rounded: 2.5 → 2, 3.5 → 4.
    let weight = try WeightView.encoding([1, 1, 1], .int8Rows, [1, 3])
    let output = try product([127, 2.5, 3.5], [1, 3], by: weight, threshold: 0)
    #expect(abs(output[0] - 133) <= 1e-4)
  }

  @Test func outliersStayInFullPrecisionAndOutOfTheScale() throws {
    let weight = try WeightView.encoding([1, 1, 1], .int8Rows, [1, 3])
    let output = try product([60.123, 1, 0.5], [1, 3], by: weight, threshold: 6)
    // 1 → 127, 0.5 → rint(63.5) = 64; the outlier is exact.
    #expect(abs(output[0] - (60.123 + 1 + Float(64) / 127)) <= 1e-5)
    let coded = try product([60.123, 1, 0.5], [1, 3], by: weight, threshold: 0)
    #expect(abs(coded[0] - 61.623) > 1e-2)
  }

  /// F21 of the field: one row's outlier makes its column an outlier column for every row of the call.
  @Test func aRowsResultDependsOnTheRowsBesideIt() throws {
    let weight = try WeightView.encoding([1, 1, 1], .int8Rows, [1, 3])
    let alone = try product([0.013, 1, 0.5], [1, 3], by: weight, threshold: 6)
    let beside = try product([0.013, 1, 0.5, 7, 0, 0], [2, 3], by: weight, threshold: 6)
    #expect(abs(alone[0] - beside[0]) > 1e-4)
    #expect(abs(beside[0] - (0.013 + 1 + Float(64) / 127)) <= 1e-6)
  }

  @Test func zeroRowsAndZeroWeightsGiveZero() throws {
    let weight = try WeightView.encoding([0, 0, 1, -1], .int8Rows, [2, 2])
    #expect(try product([0, 0, 1, 0.25], [2, 2], by: weight, threshold: 6)[...2] == [0, 0, 0])
  }

  @Test func scalesBelowTheReciprocalsRangeStillGiveCodes() throws {
    let weight = try WeightView.encoding([1, 1], .int8Rows, [1, 2])
    let tiny: Float = 0x1p-130
    let output = try product([tiny, tiny], [1, 2], by: weight, threshold: 6)
    #expect(abs(output[0] - 2 * tiny) <= tiny / 100)
  }

  @Test func productsBeyondHalfsRangeStayFinite() throws {
    let weight = try WeightView.encoding([60000, 60000], .int8Rows, [1, 2])
    let output = try product([50000, 50000], [1, 2], by: weight, threshold: 0)
    #expect(abs(output[0] / 6e9 - 1) <= 1e-3)
  }
}
