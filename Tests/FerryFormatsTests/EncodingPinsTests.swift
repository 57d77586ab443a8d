import FerryFormats
import Testing

/// Checksums of encodings that every other encoder (SIMD, OpenCL, CUDA) has to reproduce.
@Suite struct EncodingPinsTests {
  struct Pin: Sendable, CustomTestStringConvertible {
    let format: WeightFormat
    let type: ElementType
    /// FNV-1a (64 bits) of each part, then of all elements decoded to f32.
    let checksums: [UInt64]

    var testDescription: String { "\(format) from \(type)" }
  }

  /// 805 elements in rows of 115: SplitMix64 from seed 2026, its top 24 bits less 2²³ over 2²³, row r
  /// times 2^(r-3), elements 64..<128 zero; then rounded to the type of the source.
  static let shape = [7, 115]
  static let source: [Float] = {
    var numbers = Numbers(seed: 2026)
    return numbers.uniform(805).enumerated().map { i, value in
      (64..<128).contains(i) ? 0 : value * [0.125, 0.25, 0.5, 1, 2, 4, 8][i / 115]
    }
  }()

  static let pins: [Pin] = [
    Pin(
      format: .int8Rows, type: .f32,
      checksums: [
        0xd35a_4bb6_4c4e_0b84, 0xfc93_c9b4_315d_f09c, 0xba63_c073_0598_e6a0,
      ]),
    Pin(
      format: .dynamic8(blockSize: 64), type: .f32,
      checksums: [
        0xfe38_e204_eb40_f75d, 0x35f1_abc2_7b7f_4e0e, 0xd677_f22a_9666_5bc4,
        0x56e6_1fa1_400c_5581,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 32)), type: .f32,
      checksums: [
        0xf657_efa4_71a3_90f3, 0x5374_9154_b0b2_5f4d, 0xe338_0d4b_cdf9_3eaf,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 64)), type: .f32,
      checksums: [
        0x65c4_6676_4cf9_7788, 0x35f1_abc2_7b7f_4e0e, 0xaef6_2878_af5e_ce1b,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 4096)), type: .f32,
      checksums: [
        0xde8f_13f0_82bf_1b75, 0x9590_78c0_34ff_06bd, 0x92c4_bde6_35b0_e6e2,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true)), type: .f32,
      checksums: [
        0xf657_efa4_71a3_90f3, 0xeab4_bbcd_10e0_138b, 0xa36f_9545_0f9b_cc91,
        0xd677_f22a_9666_5bc4, 0x6938_61cd_d2c6_84a5,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 32)), type: .f32,
      checksums: [
        0xd63f_a1b0_96e4_0047, 0x5374_9154_b0b2_5f4d, 0xff54_d9bf_d8cf_3f8b,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 64)), type: .f32,
      checksums: [
        0x8860_154b_3bb7_a523, 0x35f1_abc2_7b7f_4e0e, 0x6dc2_1f8d_0a77_c865,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 4096)), type: .f32,
      checksums: [
        0x6d0b_8bcf_8dc2_37ab, 0x9590_78c0_34ff_06bd, 0x2f3b_f920_0b00_6451,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 32, isNested: true)), type: .f32,
      checksums: [
        0xd63f_a1b0_96e4_0047, 0xeab4_bbcd_10e0_138b, 0xa36f_9545_0f9b_cc91,
        0xd677_f22a_9666_5bc4, 0x8ecf_ea0e_1a2d_4f5c,
      ]),
    Pin(
      format: .int8Rows, type: .f16,
      checksums: [
        0xd35a_4bb6_4c4e_0b84, 0xfc93_c9b4_315d_f09c, 0xba63_c073_0598_e6a0,
      ]),
    Pin(
      format: .dynamic8(blockSize: 64), type: .f16,
      checksums: [
        0x6178_bd60_0cc6_a3bc, 0xb178_3512_9e64_469d, 0xd677_f22a_9666_5bc4,
        0x5eee_bf64_0197_21b2,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 32)), type: .f16,
      checksums: [
        0xf657_efa4_71a3_90f3, 0x8134_f571_123c_b4ca, 0x65f9_b2f4_f976_e40d,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 64)), type: .f16,
      checksums: [
        0x65c4_6676_4cf9_7788, 0xb178_3512_9e64_469d, 0x2ab1_be40_0e6f_eabe,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 4096)), type: .f16,
      checksums: [
        0xde8f_13f0_82bf_1b75, 0xf8e8_da7d_2a3c_09cb, 0x23fb_56bd_9892_ed1a,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true)), type: .f16,
      checksums: [
        0xf657_efa4_71a3_90f3, 0xeab4_bbcd_10e0_138b, 0x3482_7d33_fda7_acc3,
        0xd677_f22a_9666_5bc4, 0x41cc_dce5_eb6b_d2d7,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 32)), type: .f16,
      checksums: [
        0xd63f_a1b0_96e4_0047, 0x8134_f571_123c_b4ca, 0xb25b_8a77_2636_0e8b,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 64)), type: .f16,
      checksums: [
        0x8860_154b_3bb7_a523, 0xb178_3512_9e64_469d, 0x9e56_1045_572b_de62,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 4096)), type: .f16,
      checksums: [
        0x6d0b_8bcf_8dc2_37ab, 0xf8e8_da7d_2a3c_09cb, 0xe115_4e15_8428_a64c,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 32, isNested: true)), type: .f16,
      checksums: [
        0xd63f_a1b0_96e4_0047, 0xeab4_bbcd_10e0_138b, 0x3482_7d33_fda7_acc3,
        0xd677_f22a_9666_5bc4, 0x680a_8ed1_2e6a_99c6,
      ]),
    Pin(
      format: .int8Rows, type: .bf16,
      checksums: [
        0x9965_5ba6_f2a1_9859, 0x998a_80c0_53d2_61d1, 0x4263_5c81_a1e0_4200,
      ]),
    Pin(
      format: .dynamic8(blockSize: 64), type: .bf16,
      checksums: [
        0xff2f_0ca5_1b16_b677, 0x12b9_bb7f_2125_a64f, 0xd677_f22a_9666_5bc4,
        0xb9f7_d957_4af6_c502,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 32)), type: .bf16,
      checksums: [
        0x9f95_9304_3675_cbe3, 0x93b5_83a1_3440_f938, 0x269a_3ae1_f8ae_aad7,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 64)), type: .bf16,
      checksums: [
        0xa842_7aee_8e6c_55f7, 0x12b9_bb7f_2125_a64f, 0x29ea_b1b9_9b56_e389,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 4096)), type: .bf16,
      checksums: [
        0x461a_af7f_d5d3_acc5, 0x4a40_5a7f_9b58_364b, 0xecb8_df08_398b_5fd5,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true)), type: .bf16,
      checksums: [
        0x9f95_9304_3675_cbe3, 0x77dc_4cf1_570c_4ed2, 0xd921_ca88_1c49_9600,
        0xd677_f22a_9666_5bc4, 0x3eec_d4f4_89c3_51dc,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 32)), type: .bf16,
      checksums: [
        0xd63f_a1b0_96e4_0047, 0x93b5_83a1_3440_f938, 0xfade_b5e7_ad36_1576,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 64)), type: .bf16,
      checksums: [
        0x084f_acdf_efd4_11b0, 0x12b9_bb7f_2125_a64f, 0x20a4_8590_9dd0_3708,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 4096)), type: .bf16,
      checksums: [
        0xa392_b626_aa89_0132, 0x4a40_5a7f_9b58_364b, 0xbdba_25e7_a52e_dafe,
      ]),
    Pin(
      format: .fourBit(FourBitFormat(.fp4, blockSize: 32, isNested: true)), type: .bf16,
      checksums: [
        0xd63f_a1b0_96e4_0047, 0x77dc_4cf1_570c_4ed2, 0xd921_ca88_1c49_9600,
        0xd677_f22a_9666_5bc4, 0x67c6_8f97_4d11_7d99,
      ]),
  ]

  @Test(arguments: pins)
  func encodingsHaveTheirBytes(pin: Pin) throws {
    let weight = try Self.source.bytes(as: pin.type).withUnsafeBytes { source in
      try QuantizedWeight(encoding: source, of: pin.type, shape: Self.shape, as: pin.format)
    }
    let checksums = try (weight.parts + [weight.decoded(as: .f32)]).map(\.fnv1a)
    #expect(checksums == pin.checksums)
  }

  /// Nine elements, an odd count in one short block, byte by byte.
  @Test func aSmallWeightHasTheseBytes() throws {
    let source: [Float] = [0.5, -2, 0.03, 1.1, 0, -0.7, 1.9, -0.001, 0.25]
    func parts(_ format: WeightFormat) throws -> [[UInt8]] {
      try QuantizedWeight(encoding: source, shape: [3, 3], as: format).parts
    }
    let two: [UInt8] = [0, 0, 0, 64]
    let table = CodeTables.dynamic8.bytes
    #expect(
      try parts(.fourBit(FourBitFormat(.nf4))) == [[0xa0, 0x7d, 0x73, 0xf7, 0x97], two])
    #expect(
      try parts(.fourBit(FourBitFormat(.fp4))) == [[0x7b, 0x15, 0x0c, 0x30, 0x60], two])
    #expect(
      try parts(.fourBit(FourBitFormat(.nf4, isNested: true)))
        == [[0xa0, 0x7d, 0x73, 0xf7, 0x97], [127], [0, 0, 0, 0], table])
    #expect(
      try parts(.int8Rows) == [
        [32, 129, 2, 127, 0, 175, 127, 0, 17], [Float(2), 1.0996094, 1.9003906].bytes,
      ])
    #expect(
      try parts(.dynamic8(blockSize: 64))
        == [[201, 0, 160, 222, 127, 46, 251, 116, 192], two, table])
  }
}

extension [UInt8] {
  /// The FNV-1a hash of 64 bits.
  fileprivate var fnv1a: UInt64 {
    reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
