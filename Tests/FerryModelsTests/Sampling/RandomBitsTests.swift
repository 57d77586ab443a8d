import Foundation
import Testing

@testable import FerryModels

struct RandomBitsTests {
  /// By the published definitions of SplitMix64 and xoshiro256**, worked out in Python.
  @Test func givesThePublishedSequence() {
    var random = RandomBits(seed: 0)
    #expect(
      [random.next(), random.next(), random.next()] == [
        0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a, 0x1a5f_849d_4933_e6e0,
      ])
  }

  @Test func unitsAreInTheirRangeAndEven() {
    var random = RandomBits(seed: 3)
    var sum = 0.0
    for _ in 0..<10_000 {
      let value = random.nextUnit()
      #expect(value >= 0 && value < 1)
      sum += value
    }
    // The mean of 10,000 has a standard deviation of 0.0029.
    #expect(abs(sum / 10_000 - 0.5) < 0.015)
  }

  /// Within 4 units in the last place of libm, which is within 1.
  @Test func theExponentialIsRight() {
    for step in 0...1450 {
      let x = -Double(step) * 0.5 - Double(step % 7) * 0.013
      let expected = x >= -700 ? Foundation.exp(x) : 0
      let value = PortableExponential.exp(x)
      #expect(abs(value - expected) <= 5 * expected.ulp, "\(x)")
    }
    #expect(PortableExponential.exp(0) == 1)
    #expect(PortableExponential.exp(-.infinity) == 0)
  }
}
