import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let quantizeChecks: [OperationCheck] =
    WeightFormat.tested.map { format in
      OperationCheck("encoding to \(format.testName) gives the reference's bytes") { bench in
        for shape in [[5, 96], [3, 31], [1], [7, 11, 3]] {
          let values = TestValues.numbers(shape.reduce(1, *), seed: 19)
          try quantize(values, shape, format, .f32, bench)
        }
      }
    } + [
      OperationCheck("elements of every type are encoded") { bench in
        for format in WeightFormat.tested {
          for type in [ElementType.f16, .bf16] {
            try quantize(TestValues.numbers(300, seed: 20), [3, 100], format, type, bench)
          }
        }
      },
      OperationCheck("every block size, with a short block at the end") { bench in
        for block in FourBitFormat.blockSizes {
          for code in FourBitFormat.Code.allCases {
            let format = FourBitFormat(code, blockSize: block, isNested: block < 128)
            let values = TestValues.numbers(4099 + 256, seed: UInt64(block))
            try quantize(values, [values.count], .fourBit(format), .f32, bench)
          }
        }
      },
      OperationCheck("whole units of aligned operands are encoded, and what is left of a row") {
        bench in
        bench.alignment = 16
        for format in longFormats {
          for type in ElementType.tested {
            for shape in [[3, 1368], [2, 2051], [1, 7]] {
              let values = TestValues.numbers(shape[0] * shape[1], seed: 29, scale: 100)
              try quantize(values, shape, format, type, bench)
            }
          }
        }
      },
      OperationCheck("a block longer than all threads of a group hold, and blocks of one element") {
        bench in
        for alignment in [1, 16] {
          bench.alignment = alignment
          let values = TestValues.numbers(2 * 9001, seed: 30)
          for format in [WeightFormat.int8Rows, .dynamic8(blockSize: 9000)] {
            try quantize(values, [2, 9001], format, .f16, bench)
          }
          try quantize(values, [values.count], .dynamic8(blockSize: 1), .bf16, bench)
          try quantize(values, [values.count, 1], .int8Rows, .bf16, bench)
        }
      },
      OperationCheck("zeros, ties, subnormal and large numbers are encoded by the rule") { bench in
        for values in awkwardValues {
          for format in WeightFormat.tested where format.isQuantized {
            try quantize(values, [values.count], format, .f32, bench)
          }
        }
      },
      OperationCheck("nothing is encoded from nothing") { bench in
        for format in WeightFormat.tested { try quantize([], [0, 64], format, .f32, bench) }
      },
    ]

  /// Formats with blocks from a unit of eight elements up to thousands.
  private static let longFormats: [WeightFormat] =
    WeightFormat.tested + [
      .fourBit(FourBitFormat(.nf4, blockSize: 4096)),
      .fourBit(FourBitFormat(.fp4, blockSize: 2048)),
      .dynamic8(blockSize: 8), .dynamic8(blockSize: 4096),
    ]

  private static func quantize(
    _ values: [Float], _ shape: [Int], _ format: WeightFormat, _ type: ElementType,
    _ bench: OperationFixture
  ) throws {
    let source = try bench.tensor(values, type, shape: shape)
    let weight = try bench.emptyWeight(format, shape: shape)
    let expected = try bench.reference.quantize(source.host, into: weight.host)
    let offset = try bench.operations.quantize(source.device, into: weight.device)
    let what = "\(shape) \(type) to \(format.testName)"
    try require(
      expected.bitPattern == offset.bitPattern,
      "\(what): the nested offset is \(offset) instead of \(expected)")
    try bench.requireEqualParts(weight, what)
  }

  /// Blocks whose maximum is 1, so that every midpoint of the tables is met, and its neighbours.
  private static let ties: [Float] =
    FourBitFormat.Code.allCases.flatMap { code in
      let table = code.table.sorted()
      return zip(table, table.dropFirst()).flatMap { low, high in
        let middle = (low + high) / 2
        return [1, middle, middle.nextUp, middle.nextDown]
      }
    }

  private static let awkwardValues: [[Float]] = [
    Array(repeating: 0, count: 70), Array(repeating: -0.0, count: 33),
    [-0.0] + Array(repeating: 0, count: 63) + [.leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0],
    ties, ties.map { -$0 }, ties.map { $0 * 0x1p-126 }, ties.map { $0 * 0x1p-130 },
    ties.map { $0 * 0x1p-148 }, ties.map { $0 * 0x1.8p-126 }, ties.map { $0 * 60000 },
    CodeTables.dynamic8,
    zip(CodeTables.dynamic8, CodeTables.dynamic8.dropFirst()).map { ($0 + $1) / 2 } + [1],
    TestValues.numbers(500, seed: 21, scale: 0x1p-126),
    TestValues.numbers(500, seed: 22, scale: 1e-7),
    [65504, -65504, 1, 65503.9, 0x1p-24, 0x1p-25, 0x1.8p-25],
  ]
}
