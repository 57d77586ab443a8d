import FerryFormats
import Testing

/// Mean errors of Gaussian weights against the means and deviations that bitsandbytes' own tests
/// state for 1024 x 1024 elements (`test_4bit_quant`: within 7 deviations). A smaller sample's mean
/// deviates more, by the root of the ratio of the counts.
@Suite struct MeanErrorTests {
  struct Limit: Sendable, CustomTestStringConvertible {
    let code: FourBitFormat.Code
    let blockSize: Int
    let absolute: (mean: Double, deviation: Double)
    let relative: (mean: Double, deviation: Double)

    var testDescription: String { "\(code) \(blockSize)" }

    init(_ code: FourBitFormat.Code, _ size: Int, _ numbers: Double...) {
      self.code = code
      blockSize = size
      absolute = (numbers[0], numbers[1])
      relative = (numbers[2], numbers[3])
    }
  }

  static let limits = [
    Limit(.nf4, 32, 0.067746, 6.9e-5, 0.189726, 3.04e-4),
    Limit(.nf4, 64, 0.072798, 7.4e-5, 0.203339, 3.40e-4),
    Limit(.nf4, 128, 0.076831, 9.1e-5, 0.215237, 3.91e-4),
    Limit(.nf4, 256, 0.080337, 1.02e-4, 0.226105, 3.98e-4),
    Limit(.nf4, 512, 0.083547, 1.43e-4, 0.236079, 5.44e-4),
    Limit(.nf4, 1024, 0.086610, 1.87e-4, 0.245370, 6.00e-4),
    Limit(.nf4, 2048, 0.089592, 2.51e-4, 0.254163, 7.47e-4),
    Limit(.nf4, 4096, 0.092547, 3.60e-4, 0.262473, 9.99e-4),
    Limit(.fp4, 32, 0.088925, 9.1e-5, 0.242443, 3.30e-4),
    Limit(.fp4, 64, 0.096543, 1.11e-4, 0.260125, 3.79e-4),
    Limit(.fp4, 128, 0.102969, 1.34e-4, 0.275817, 4.33e-4),
    Limit(.fp4, 256, 0.108684, 1.82e-4, 0.289831, 4.97e-4),
    Limit(.fp4, 512, 0.114115, 2.34e-4, 0.302881, 5.83e-4),
    Limit(.fp4, 1024, 0.119333, 3.20e-4, 0.315000, 7.57e-4),
    Limit(.fp4, 2048, 0.124556, 4.55e-4, 0.326607, 9.55e-4),
    Limit(.fp4, 4096, 0.129536, 6.12e-4, 0.337169, 1.239e-3),
  ]

  static let sample: [Float] = {
    var numbers = Numbers(seed: 2)
    return numbers.gaussian(1 << 16)
  }()

  @Test(arguments: limits)
  func sampledErrorsAreTheStatedOnes(limit: Limit) throws {
    try check(limit, elements: Self.sample)
  }

  @Test(
    .enabled(if: !_isDebugAssertConfiguration(), "a million elements take a release build"),
    arguments: limits)
  func fullErrorsAreTheStatedOnes(limit: Limit) throws {
    var numbers = Numbers(seed: UInt64(limit.blockSize))
    try check(limit, elements: numbers.gaussian(1 << 20))
  }

  private func check(_ limit: Limit, elements: [Float]) throws {
    let format = FourBitFormat(limit.code, blockSize: limit.blockSize)
    let error = try errors(of: .fourBit(format), elements)
    let spread = 7 * (Double(1 << 20) / Double(elements.count)).squareRoot()
    #expect(abs(error.absolute - limit.absolute.mean) <= spread * limit.absolute.deviation)
    #expect(abs(error.relative - limit.relative.mean) <= spread * limit.relative.deviation)
  }

  private func errors(
    of format: WeightFormat, _ elements: [Float]
  ) throws -> (absolute: Double, relative: Double) {
    let weight = try QuantizedWeight(encoding: elements, shape: [elements.count], as: format)
    let decoded = try weight.decodedFloats()
    var sum = (absolute: 0.0, relative: 0.0)
    for (x, y) in zip(elements, decoded) {
      let error = Double(abs(x - y))
      sum.absolute += error
      sum.relative += error / (Double(x.magnitude) + 1e-8)
    }
    return (sum.absolute / Double(elements.count), sum.relative / Double(elements.count))
  }

  @Test(arguments: FourBitFormat.Code.allCases, [32, 64, 128])
  func nestedErrorsAreSmall(code: FourBitFormat.Code, blockSize: Int) throws {
    let format = FourBitFormat(code, blockSize: blockSize, isNested: true)
    let error = try errors(of: .fourBit(format), Self.sample)
    #expect(error.absolute < 0.11)
    #expect(error.relative < 0.28)
  }

  @Test func dynamic8ErrorsAreSmall() throws {
    let gaussian = try errors(of: .dynamic8(blockSize: 4096), Self.sample)
    #expect(gaussian.absolute < 0.011)
    #expect(gaussian.relative < 0.018)
    var numbers = Numbers(seed: 3)
    let uniform = try errors(
      of: .dynamic8(blockSize: 4096), numbers.uniform(1 << 16).map { ($0 + 1) / 2 })
    #expect(uniform.absolute < 0.0036)
    #expect(uniform.relative < 0.015)
  }

  @Test func int8ErrorsAreWithinHalfAStep() throws {
    let weight = try QuantizedWeight(encoding: Self.sample, shape: [256, 256], as: .int8Rows)
    let decoded = try weight.decodedFloats()
    let absmax = weight.parts[1].floats
    for i in decoded.indices {
      // Half a step, and the rounding of the source to f16.
      let bound = absmax[i / 256] / 254 * 1.0001 + Self.sample[i].magnitude * 0x1p-11
      #expect(abs(decoded[i] - Self.sample[i]) <= bound)
    }
  }
}
