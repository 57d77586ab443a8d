import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let gatherChecks: [OperationCheck] =
    WeightFormat.tested.map { format in
      OperationCheck("rows of a \(format.testName) table are its decoded rows, to the bit") {
        bench in
        for columns in [31, 96] {
          try gather([3, 0, 10, 3], rows: 11, columns: columns, format, .f32, bench)
        }
      }
    } + [
      OperationCheck("rows are rounded once to the type of the output") { bench in
        for type in ElementType.tested {
          let format = WeightFormat.fourBit(FourBitFormat(.nf4, isNested: true))
          try gather([1, 2], rows: 3, columns: 160, format, type, bench)
        }
      },
      OperationCheck("any number of rows is gathered, and none") { bench in
        for count in [0, 1, 16, 17, 40] {
          let tokens = (0..<Int32(count)).map { ($0 * 7) % 11 }
          try gather(tokens, rows: 11, columns: 33, .plain(.f16), .f32, bench)
        }
      },
    ]

  private static func gather(
    _ tokens: [Int32], rows: Int, columns: Int, _ format: WeightFormat, _ type: ElementType,
    _ bench: OperationFixture
  ) throws {
    let values = TestValues.numbers(rows * columns, seed: 1)
    let table = try bench.weight(values, format, shape: [rows, columns])
    let output = try bench.output(type, shape: [tokens.count, columns])
    try bench.reference.gatherRows(.numbers(tokens), of: table.host, into: output.host)
    try bench.operations.gatherRows(.numbers(tokens), of: table.device, into: output.device)
    try bench.requireEqualBytes(output, "\(tokens.count) rows of \(columns)")
  }
}
