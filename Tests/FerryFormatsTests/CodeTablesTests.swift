import FerryFormats
import Testing

@Suite struct CodeTablesTests {
  @Test func nf4HasItsCanonicalBits() {
    #expect(
      CodeTables.nf4.map(\.bitPattern) == [
        0xbf80_0000, 0xbf32_39b1, 0xbf06_6b30, 0xbeca_32a0, 0xbe91_a24d, 0xbe3d_353f, 0xbdba_7871,
        0x0000_0000, 0x3da2_faff, 0x3e24_cae3, 0x3e7c_04dd, 0x3ead_033a, 0x3ee1_a4b8, 0x3f10_07ab,
        0x3f39_13b3, 0x3f80_0000,
      ])
  }

  @Test func fp4HasItsCanonicalBitsWithNegativeZeroAtNibbleEight() {
    let magnitudes: [UInt32] = [
      0x0000_0000, 0x3baa_aaab, 0x3f2a_aaab, 0x3f80_0000, 0x3eaa_aaab, 0x3f00_0000, 0x3e2a_aaab,
      0x3e80_0000,
    ]
    #expect(
      CodeTables.fp4.map(\.bitPattern) == magnitudes + magnitudes.map { $0 | 0x8000_0000 })
  }

  @Test func signedDynamicMapHasItsCheckValues() {
    let table = CodeTables.dynamic8
    #expect(table.count == 256)
    #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
    let checks: [Int: Float] = [
      0: -0.99296874, 63: -0.10703126, 64: -0.09859375, 124: -7.75e-6, 126: -5.5e-7, 127: 0,
      128: 5.5e-7, 131: 2.125e-5, 192: 0.12109375, 254: 0.99296874, 255: 1,
    ]
    for (index, value) in checks { #expect(abs(table[index] - value) <= value.magnitude.ulp) }
  }

  @Test func unsignedDynamicMapHasItsCheckValues() {
    let table = CodeTables.dynamic8Unsigned
    #expect(table.count == 256)
    #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
    let checks: [Int: Float] = [
      0: 0, 1: 3.25e-7, 2: 7.75e-7, 127: 0.103515625, 128: 0.11054687, 254: 0.9964844, 255: 1,
    ]
    for (index, value) in checks { #expect(abs(table[index] - value) <= value.magnitude.ulp) }
  }

  @Test func nf4ThresholdsAreThePublishedOnes() {
    #expect(
      CodeBook.nf4.midpoints == [
        -0.84809637, -0.6106329, -0.45999527, -0.33967942, -0.2346074, -0.13791174, -0.045525018,
        0.03979015, 0.12025525, 0.20352125, 0.29201376, 0.38931254, 0.50166345, 0.6427869,
        0.86147845,
      ])
  }

  @Test(arguments: [CodeTables.nf4, CodeTables.fp4, CodeTables.dynamic8].indices)
  func nearestIsTheNearestEntryAndTiesGoToTheSmallerValue(which: Int) {
    let book = [CodeBook.nf4, .fp4, .dynamic8][which]
    let table = [CodeTables.nf4, CodeTables.fp4, CodeTables.dynamic8][which]
    for (slot, midpoint) in book.midpoints.enumerated() where midpoint < .infinity {
      let (lower, upper) = (book.codes[slot], book.codes[slot + 1])
      book.withNearest { nearest in
        #expect(nearest(midpoint) == lower)
        #expect(nearest(midpoint.nextDown) == lower)
        #expect(nearest(midpoint.nextUp) == upper)
        #expect(nearest(table[Int(lower)]) == lower)
        #expect(nearest(table[Int(upper)]) == upper)
      }
    }
  }

  @Test func fp4NeverEmitsNibbleEight() {
    #expect(CodeBook.fp4.codes == [11, 10, 13, 12, 15, 14, 9, 0, 1, 6, 7, 4, 5, 2, 3, 0])
    CodeBook.fp4.withNearest { nearest in
      for value: Float in [0, -0.0, 1e-30, -1e-30, 0.0026041667, -0.002604166] {
        #expect(nearest(value) == 0)
      }
      for value: Float in [1, 1.0000001, 2, .greatestFiniteMagnitude] {
        #expect(nearest(value) == 3)
      }
    }
  }
}
