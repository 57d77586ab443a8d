import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let int8Checks: [OperationCheck] = [
    OperationCheck("LLM.int8 without outliers quantizes rows and multiplies in integers") { bench in
      for columns in [1, 31, 96, 576] {
        for rows in [1, 7] { try int8(rows, columns, threshold: 0, bench: bench) }
      }
    },
    OperationCheck("LLM.int8 multiplies outlier columns in full precision") { bench in
      for columns in [31, 96, 160] {
        for rows in [1, 2, 7, 33] { try int8(rows, columns, threshold: 6, bench: bench) }
      }
    },
    OperationCheck("outliers of many rows are marked by any of them, and of many columns listed") {
      bench in
      for (rows, columns) in [(65, 300), (100, 33)] {
        var values = TestValues.numbers(rows * columns, seed: 6, scale: 2)
        for column in stride(from: 1, to: columns, by: 3) {
          values[(rows - 1 - column % rows) * columns + column] = 8
        }
        try linear(
          rows, 5, columns, .int8Rows, .f32, arithmetic: .llmInt8(threshold: 6), input: values,
          bench: bench)
      }
    },
    OperationCheck("LLM.int8 with activations of 16 bits and a bias") { bench in
      for type in [ElementType.f16, .bf16] {
        try int8(3, 64, threshold: 6, type, bias: .f32, bench: bench)
      }
    },
    OperationCheck("LLM.int8 of a row of zeros, of tiny numbers, of outliers alone") { bench in
      let rows: [[Float]] = [
        Array(repeating: 0, count: 40), TestValues.numbers(40, seed: 1, scale: 0x1p-130),
        TestValues.numbers(40, seed: 2, scale: 1e-30), Array(repeating: -8, count: 40),
      ]
      for row in rows {
        for threshold: Float in [0, 6] {
          try linear(
            1, 9, 40, .int8Rows, .f32, arithmetic: .llmInt8(threshold: threshold), input: row,
            bench: bench)
        }
      }
    },
    OperationCheck("an outlier exactly at the threshold is one, in every row of its column") {
      bench in
      var values = TestValues.numbers(3 * 48, seed: 4, scale: 2)
      values[5] = 6
      values[48 + 7] = -6
      values[2 * 48 + 9] = Float(6).nextDown
      try linear(
        3, 9, 48, .int8Rows, .f32, arithmetic: .llmInt8(threshold: 6), input: values,
        bench: bench)
    },
    OperationCheck("LLM.int8 of a row with NaN or infinity leaves the other rows as they are") {
      bench in
      for bad: Float in [.nan, .infinity] {
        var values = TestValues.numbers(3 * 32, seed: 5, scale: 2)
        values[40] = bad
        for threshold: Float in [0, 6] {
          try linear(
            3, 9, 32, .int8Rows, .f32, arithmetic: .llmInt8(threshold: threshold), input: values,
            bench: bench)
        }
      }
    },
    OperationCheck("LLM.int8 arithmetic is for int8 rows only: others ignore it") { bench in
      try linear(
        2, 9, 64, .fourBit(FourBitFormat(.nf4)), .f32, arithmetic: .llmInt8(threshold: 6),
        bench: bench)
    },
  ]

  private static func int8(
    _ rows: Int, _ columns: Int, threshold: Float, _ type: ElementType = .f32,
    bias: ElementType? = nil, bench: OperationFixture
  ) throws {
    var values = TestValues.numbers(rows * columns, seed: UInt64(columns), scale: 3)
    // Some columns with outliers, in some rows.
    for index in stride(from: 5, to: values.count, by: 23) { values[index] *= 9 }
    try linear(
      rows, 13, columns, .int8Rows, type, bias: bias, arithmetic: .llmInt8(threshold: threshold),
      input: values, bench: bench)
  }
}
