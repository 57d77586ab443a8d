import FerryFormats
import FerryOperations
import FerryTensors

// Layers of few rows of activations of 16 bits, whose operands start at multiples of 16 bytes: an
// implementation may round the values of a code table once to the activations' type. That changes a
// product by at most half a unit (2⁻⁹ of it in bf16, 2⁻¹² in f16), a sum by at most that part of
// Σ |x · w|; with random signs it stays below the largest sum, which the bounds of f32 outputs are of. Outputs
// of 16 bits are compared to a unit.
extension OperationConformance {
  static let fewRowsFormatChecks: [OperationCheck] =
    fewRowsFormats.map { format, type in
      OperationCheck("few rows are multiplied by \(format.testName) weights in \(type)") { bench in
        bench.alignment = 16
        for (rows, outputs, columns) in [(1, 100, 384), (16, 19, 1216)] {
          try fewRows(rows, outputs, columns, format, type, bench: bench)
        }
      }
    }

  static let fewRowsShapeChecks: [OperationCheck] = [
    OperationCheck("few rows of columns that are no whole steps, and of operands anywhere") {
      bench in
      for columns in [31, 32, 96, 576] {
        let format = WeightFormat.fourBit(FourBitFormat(.nf4))
        try linear(3, 9, columns, format, .f32, bench: bench)
        for alignment in [1, 16] {
          bench.alignment = alignment
          try fewRows(3, 9, columns, format, .f16, bench: bench)
          try fewRows(3, 9, columns, .int8Rows, .f16, bench: bench)
          try fewRows(3, 9, columns, .plain(.bf16), .bf16, bench: bench)
        }
      }
    },
    OperationCheck("few rows of weights with blocks of any size, and blocks that straddle rows") {
      bench in
      bench.alignment = 16
      for block in FourBitFormat.blockSizes {
        for isNested in [false, true] {
          let format = WeightFormat.fourBit(
            FourBitFormat(.nf4, blockSize: block, isNested: isNested))
          try fewRows(2, 21, 640, format, .f16, bench: bench)
          try fewRows(9, 5, 96, format, .f16, bench: bench)
        }
      }
    },
    OperationCheck("few rows with outer absmax values that change within a row") { bench in
      bench.alignment = 16
      let format = WeightFormat.fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true))
      try fewRows(1, 3, 24_000, format, .f16, bench: bench)
    },
    OperationCheck("1 to 16 rows, in one pass and in two") { bench in
      bench.alignment = 16
      for rows in [1, 4, 5, 7, 8, 9, 12, 16] {
        for block in [32, 64, 128] {
          let format = WeightFormat.fourBit(FourBitFormat(.fp4, blockSize: block))
          try fewRows(rows, 7, 256, format, .f16, bench: bench)
        }
      }
    },
    OperationCheck("few rows with a bias of any type, into an output of any type") { bench in
      bench.alignment = 16
      for type in ElementType.tested {
        for format in [WeightFormat.fourBit(FourBitFormat(.nf4)), .int8Rows, .plain(.f16)] {
          try linear(
            2, 50, 256, format, .f16, bias: type, output: type, bound: 0x1p-11, bench: bench)
        }
      }
    },
    OperationCheck("few rows of weights that f16 has no numbers for stay finite in sums") { bench in
      bench.alignment = 16
      let small = TestValues.numbers(2 * 256, seed: 3, scale: 0x1p-12)
      for isNested in [false, true] {
        try linear(
          2, 20, 256, .fourBit(FourBitFormat(.nf4, isNested: isNested)), .f16, input: small,
          weightScale: 0x1p20, output: .f32, bound: 0x1p-11, bench: bench)
      }
    },
    OperationCheck("few rows, one of them zeros, one with NaN, leave the others as they are") {
      bench in
      bench.alignment = 16
      var values = TestValues.numbers(6 * 192, seed: 6, scale: 2)
      for k in 0..<192 { values[k] = 0 }
      values[2 * 192 + 150] = .nan
      values[4 * 192 + 3] = .infinity
      for format in [WeightFormat.fourBit(FourBitFormat(.nf4)), .int8Rows, .plain(.bf16)] {
        try linear(6, 40, 192, format, .bf16, input: values, bench: bench)
      }
    },
    OperationCheck("LLM.int8 of few rows multiplies codes exactly, and outliers in full precision")
    {
      bench in
      bench.alignment = 16
      for type in ElementType.tested {
        for (rows, columns) in [(1, 64), (3, 160), (9, 1040), (16, 48)] {
          var values = TestValues.numbers(rows * columns, seed: 9, scale: 3)
          for threshold: Float in [0, 6] {
            try linear(
              rows, 37, columns, .int8Rows, type, bias: .f32,
              arithmetic: .llmInt8(threshold: threshold), input: values, bench: bench)
            for index in stride(from: 5, to: values.count, by: 61) { values[index] *= 9 }
          }
        }
      }
    },
  ]

  private static let fewRowsFormats: [(WeightFormat, ElementType)] = [
    (.plain(.f16), .f16), (.plain(.bf16), .bf16), (.fourBit(FourBitFormat(.nf4)), .f16),
    (.fourBit(FourBitFormat(.nf4)), .bf16), (.fourBit(FourBitFormat(.fp4)), .f16),
    (.fourBit(FourBitFormat(.nf4, isNested: true)), .bf16),
    (.fourBit(FourBitFormat(.fp4, blockSize: 128, isNested: true)), .f16),
    (.fourBit(FourBitFormat(.nf4, blockSize: 32)), .f16), (.int8Rows, .f16), (.int8Rows, .bf16),
    (.dynamic8(blockSize: 64), .f16),
  ]

  /// One layer into f32, where only what is multiplied may be rounded.
  private static func fewRows(
    _ rows: Int, _ outputs: Int, _ columns: Int, _ format: WeightFormat, _ type: ElementType,
    bench: OperationFixture
  ) throws {
    let seed = UInt64(rows * columns)
    let values = TestValues.numbers(rows * columns, seed: seed, scale: 2)
    // Codes of int8 rows, and weights as they are, are exact in either type.
    let roundsTable: Bool = if case .fourBit = format { true } else { false }
    let bound: Float = roundsTable ? (type == .bf16 ? 0x1p-8 : 0x1p-11) : 4e-6
    try linear(
      rows, outputs, columns, format, type, input: values, output: .f32, bound: bound, bench: bench)
  }
}
