import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let linearChecks: [OperationCheck] =
    WeightFormat.tested.map { format in
      OperationCheck("linear multiplies by \(format.testName) weights, few rows and many") {
        bench in
        for rows in [1, 9] {
          try linear(rows, 19, 96, format, .f32, bench: bench)
          try linear(rows, 5, 31, format, .f32, bench: bench)
        }
      }
    } + linearShapeChecks

  static let linearShapeChecks: [OperationCheck] = [
    OperationCheck("linear with rows that blocks straddle") { bench in
      for (columns, block) in [(96, 64), (160, 64), (576, 2048), (48, 4096), (1, 32), (17, 32)] {
        let format = FourBitFormat(.nf4, blockSize: block, isNested: block == 2048)
        for rows in [1, 3] { try linear(rows, 7, columns, .fourBit(format), .f32, bench: bench) }
      }
    },
    OperationCheck("linear with 1, 2, 7 and 33 rows") { bench in
      for rows in [1, 2, 7, 33] {
        try linear(rows, 37, 64, .fourBit(FourBitFormat(.nf4)), .f32, bench: bench)
      }
    },
    OperationCheck("linear with activations of 16 bits") { bench in
      for type in [ElementType.f16, .bf16] {
        for rows in [1, 3] {
          try linear(rows, 11, 80, .fourBit(FourBitFormat(.nf4)), type, bench: bench)
          try linear(rows, 11, 80, .int8Rows, type, bench: bench)
        }
      }
    },
    OperationCheck("linear adds a bias of any type") { bench in
      for bias in ElementType.tested {
        try linear(2, 21, 64, .fourBit(FourBitFormat(.nf4)), .f32, bias: bias, bench: bench)
      }
      try linear(1, 21, 64, .int8Rows, .f32, bias: .f16, bench: bench)
    },
    OperationCheck("sums of many terms keep their precision") { bench in
      try linear(1, 3, 4099, .plain(.f32), .f32, bench: bench)
    },
  ]

  /// One layer against the reference; max |Δ| ≤ bound · max |reference| besides the output's rounding.
  static func linear(
    _ rows: Int, _ outputs: Int, _ columns: Int, _ format: WeightFormat, _ type: ElementType,
    bias biasType: ElementType? = nil, arithmetic: LinearArithmetic = .weightOnly,
    input values: [Float]? = nil, weightScale: Float = 1, output outputType: ElementType? = nil,
    bound: Float = 4e-6, bench: OperationFixture
  ) throws {
    let seed = UInt64(rows * columns)
    let numbers = values ?? TestValues.numbers(rows * columns, seed: seed, scale: 2)
    let input = try bench.tensor(numbers, type, shape: [rows, columns])
    let weight = try bench.weight(
      TestValues.numbers(outputs * columns, seed: 16, scale: weightScale), format,
      shape: [outputs, columns])
    let bias = try biasType.map {
      try bench.weight(TestValues.numbers(outputs, seed: 17), .plain($0), shape: [outputs])
    }
    let output = try bench.output(outputType ?? type, shape: [rows, outputs])
    try bench.reference.linear(
      input.host, weight: weight.host, bias: bias?.host, arithmetic: arithmetic,
      into: output.host)
    try bench.operations.linear(
      input.device, weight: weight.device, bias: bias?.device, arithmetic: arithmetic,
      into: output.device)
    try bench.requireClose(
      output, "\(rows) rows, [\(outputs), \(columns)] \(format.testName), \(type)",
      bound: bound)
  }
}
