import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let refusalChecks: [OperationCheck] = [
    OperationCheck("NaN and infinity are refused with the place of the first") { bench in
      for format in WeightFormat.tested where format.isQuantized {
        for bad: Float in [.nan, .infinity, -.infinity] {
          var values = TestValues.numbers(3 * 70, seed: 23)
          (values[100], values[170]) = (bad, .nan)
          try refuse(values, [3, 70], format, .f32, bench)
        }
      }
    },
    OperationCheck("what f16 cannot hold is refused by the formats that start from it") { bench in
      for bad: Float in [65504.1, -65519, 65520, 1e30] {
        var values = TestValues.numbers(3 * 70, seed: 24)
        (values[99], values[100], values[205]) = (bad, 1e38, .nan)
        try refuse(values, [3, 70], .int8Rows, .f32, bench)
      }
      var values = TestValues.numbers(100, seed: 25)
      values[42] = 65520
      try refuse(values, [100], .plain(.f16), .f32, bench)
      values[42] = .greatestFiniteMagnitude
      try refuse(values, [100], .plain(.bf16), .f32, bench)
    },
    OperationCheck("the first of what is refused is found among many, by whichever group") {
      bench in
      for (first, second) in [(69_999, 69_998), (16_384, 40_000), (8 * 256 * 5 + 3, 70_000)] {
        var values = TestValues.numbers(70_001, seed: 31)
        (values[first], values[second]) = (.nan, .infinity)
        try refuse(values, [values.count], .fourBit(FourBitFormat(.nf4)), .f32, bench)
      }
    },
    OperationCheck("within a row of int8, NaN is found before what is too large") { bench in
      var values = TestValues.numbers(3 * 20, seed: 26)
      (values[25], values[30]) = (1e9, .nan)
      try refuse(values, [3, 20], .int8Rows, .f32, bench)
    },
    OperationCheck("a token outside the table is refused") { bench in
      let table = try bench.weight(
        TestValues.numbers(60, seed: 27), .plain(.f32), shape: [3, 20])
      let output = try bench.output(shape: [1, 20])
      for token: Int32 in [-1, 3] {
        try requireShapeMismatch("token \(token)") {
          try bench.operations.gatherRows(
            .numbers([token]), of: table.device, into: output.device)
        }
      }
    },
    OperationCheck("positions outside a cache, and words that are no words, are refused") { bench in
      let (rows, cache) = (try bench.output(shape: [2, 8]), try bench.output(shape: [5, 8]))
      let word = try bench.tensor([0], shape: [1]).device.view
      for first: Position in [-1, 4, .word(word[0, count: 3])] {
        try requireShapeMismatch("row \(first)") {
          try bench.operations.store(rows.device, intoRowsOf: cache.device, at: first)
        }
      }
    },
    OperationCheck("operands that do not fit each other are refused") { bench in
      let weight = try bench.weight(
        TestValues.numbers(60, seed: 28), .plain(.f32), shape: [3, 20])
      let (input, output) = (try bench.output(shape: [2, 21]), try bench.output(shape: [2, 3]))
      try requireShapeMismatch("21 columns for 20") {
        try bench.operations.linear(
          input.device, weight: weight.device, bias: nil, arithmetic: .weightOnly,
          into: output.device)
      }
    },
    OperationCheck("a weight of opaque bytes is refused") { bench in
      let weight = try bench.emptyWeight(.opaque(byteCount: 60), shape: [3, 20])
      let (input, output) = (try bench.output(shape: [2, 20]), try bench.output(shape: [2, 3]))
      do {
        try bench.operations.linear(
          input.device, weight: weight.device, bias: nil, arithmetic: .weightOnly,
          into: output.device)
      } catch let error as OperationError {
        return try require(error.code == .unsupported, "opaque bytes failed as \(error.code)")
      }
      throw ConformanceFailure("opaque bytes were computed with")
    },
  ]

  /// Both refuse, with the same code, place and words.
  private static func refuse(
    _ values: [Float], _ shape: [Int], _ format: WeightFormat, _ type: ElementType,
    _ bench: OperationFixture
  ) throws {
    let source = try bench.tensor(values, type, shape: shape)
    let weight = try bench.emptyWeight(format, shape: shape)
    let expected = formatError { try bench.reference.quantize(source.host, into: weight.host) }
    let actual = formatError { try bench.operations.quantize(source.device, into: weight.device) }
    try require(expected != nil, "the reference encodes what was to be refused: \(format.testName)")
    try require(
      actual?.code == expected?.code && actual?.index == expected?.index,
      "\(format.testName): \(String(describing: actual)) instead of \(String(describing: expected))"
    )
  }

  private static func formatError(_ body: () throws -> Float) -> FormatError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? FormatError
    }
  }

  /// Throws unless `body` is refused for the shapes of its operands.
  static func requireShapeMismatch(_ what: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as OperationError {
      return try require(error.code == .shapeMismatch, "\(what) failed as \(error.code)")
    }
    throw ConformanceFailure("\(what) was accepted")
  }
}
