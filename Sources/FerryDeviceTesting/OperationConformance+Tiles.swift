import FerryFormats
import FerryOperations
import FerryTensors

// Layers of many rows of activations of 16 bits, whose operands start at multiples of 16 bytes: an
// implementation may round what weights are decoded to, or the values of a code, to the activations' type.
// A half unit of it in every product is at most that part of Σ |x · w|, and of random signs less than a
// unit of the largest sum: the bound of an output in f32.
extension OperationConformance {
  static let tileChecks: [OperationCheck] =
    tiledFormats.map { format in
      OperationCheck("many rows are multiplied by \(format.testName) weights") { bench in
        bench.alignment = 16
        try linear(33, 70, 192, format, .bf16, bench: bench)
        try linear(17, 130, 320, format, .f16, bench: bench)
      }
    } + [
      OperationCheck("many rows at the edges of tiles") { bench in
        bench.alignment = 16
        let shapes = [(17, 1, 64), (64, 64, 128), (65, 129, 64), (130, 128, 448)]
        for (rows, outputs, columns) in shapes {
          try linear(rows, outputs, columns, .fourBit(FourBitFormat(.nf4)), .f16, bench: bench)
          try linear(rows, outputs, columns, .plain(.bf16), .bf16, bench: bench)
        }
      },
      OperationCheck("many rows of columns that are no whole steps, and of operands anywhere") {
        bench in
        for columns in [65, 96, 40] {
          try linear(18, 9, columns, .plain(.f16), .f16, bench: bench)
          bench.alignment = 16
          try linear(18, 9, columns, .int8Rows, .bf16, bench: bench)
          try linear(18, 9, columns, .plain(.bf16), .bf16, bench: bench)
        }
        try linear(18, 9, 96, .fourBit(FourBitFormat(.nf4)), .f16, bench: bench)
      },
      OperationCheck("many rows with a bias of any type, into an output of any type") { bench in
        bench.alignment = 16
        for type in ElementType.tested {
          for format in [WeightFormat.fourBit(FourBitFormat(.fp4)), .int8Rows, .plain(.f16)] {
            try linear(
              20, 66, 128, format, .f16, bias: type, output: type,
              bound: type == .f32 ? 0x1p-11 : 4e-6, bench: bench)
          }
        }
      },
      OperationCheck("many rows of weights that f16 has no numbers for stay finite in sums") {
        bench in
        bench.alignment = 16
        let small = TestValues.numbers(24 * 128, seed: 3, scale: 0x1p-12)
        try linear(
          24, 66, 128, .fourBit(FourBitFormat(.nf4)), .f16, input: small, weightScale: 0x1p20,
          output: .f32, bound: 0x1p-11, bench: bench)
      },
      OperationCheck("many rows, one of them with NaN, leave the others as they are") { bench in
        bench.alignment = 16
        var values = TestValues.numbers(40 * 192, seed: 6, scale: 2)
        values[5 * 192 + 150] = .nan
        values[7 * 192 + 3] = .infinity
        try linear(
          40, 66, 192, .fourBit(FourBitFormat(.nf4)), .bf16, input: values, bench: bench)
        try linear(40, 66, 192, .plain(.bf16), .bf16, input: values, bench: bench)
      },
    ]

  /// What tiles decode, blocks within and across rows, and what they do not.
  private static let tiledFormats: [WeightFormat] = [
    .plain(.f16), .plain(.bf16), .fourBit(FourBitFormat(.nf4)),
    .fourBit(FourBitFormat(.fp4, blockSize: 128)),
    .fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true)),
    .fourBit(FourBitFormat(.fp4, blockSize: 4096, isNested: true)),
    .fourBit(FourBitFormat(.nf4, blockSize: 32)), .int8Rows, .dynamic8(blockSize: 64),
    .dynamic8(blockSize: 50),
  ]
}

// MARK: - LLM.int8()

extension OperationConformance {
  static let int8TileChecks: [OperationCheck] = [
    OperationCheck("LLM.int8 of many rows without outliers") { bench in
      for (rows, outputs, columns) in [(17, 70, 64), (33, 64, 192), (130, 130, 320)] {
        try int8Tiles(rows, outputs, columns, threshold: 0, .f16, bench: bench)
      }
    },
    OperationCheck("LLM.int8 of many rows with outlier columns, a bias and any output") { bench in
      for type in ElementType.tested {
        try int8Tiles(
          33, 70, 192, threshold: 6, .bf16, bias: type, output: type, bench: bench)
      }
    },
    OperationCheck("LLM.int8 of many rows, one of them with NaN") { bench in
      var values = TestValues.numbers(40 * 128, seed: 7, scale: 2)
      values[5 * 128 + 100] = .nan
      bench.alignment = 16
      try linear(
        40, 66, 128, .int8Rows, .f16, arithmetic: .llmInt8(threshold: 6), input: values,
        bench: bench)
    },
  ]

  private static func int8Tiles(
    _ rows: Int, _ outputs: Int, _ columns: Int, threshold: Float, _ type: ElementType,
    bias: ElementType? = nil, output: ElementType? = nil, bench: OperationFixture
  ) throws {
    bench.alignment = 16
    var values = TestValues.numbers(rows * columns, seed: UInt64(columns), scale: 3)
    for index in stride(from: 5, to: values.count, by: 123) { values[index] *= 9 }
    try linear(
      rows, outputs, columns, .int8Rows, type, bias: bias,
      arithmetic: .llmInt8(threshold: threshold), input: values, output: output, bench: bench)
  }
}

// MARK: - Weights decoded once

extension OperationConformance {
  /// Layers of so many rows that their weights are worth decoding once.
  public static let decodedOnceChecks: [OperationCheck] = [
    OperationCheck("hundreds of rows are multiplied by weights that are decoded once") { bench in
      bench.alignment = 16
      for format in [
        WeightFormat.fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true)),
        .fourBit(FourBitFormat(.fp4)), .int8Rows,
      ] {
        try linear(520, 6, 64, format, .f16, bench: bench)
      }
    }
  ]
}
