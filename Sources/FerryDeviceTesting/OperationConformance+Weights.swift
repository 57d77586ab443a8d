import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let dequantizeChecks: [OperationCheck] =
    WeightFormat.tested.map { format in
      OperationCheck("a \(format.testName) weight decodes to the reference's bits") { bench in
        for shape in [[5, 96], [3, 31], [1], [2, 3, 7]] {
          try dequantize(shape, format, .f32, bench)
        }
      }
    } + [
      OperationCheck("decoded elements are rounded once to 16 bits") { bench in
        let formats: [WeightFormat] = [
          .plain(.f32), .fourBit(FourBitFormat(.nf4, isNested: true)), .int8Rows,
        ]
        for format in formats {
          for type in [ElementType.f16, .bf16] {
            try dequantize([4, 100], format, type, bench)
          }
        }
      },
      OperationCheck("every nibble and every byte decodes, with scales of every size") { bench in
        for scale: Float in [0x1p-140, 0x1p-126, 1e-20, 1, 1e4] {
          for format in WeightFormat.tested where format.isQuantized {
            try dequantize([16, 64], format, .f32, scale: scale, bench)
          }
        }
      },
    ]

  private static func dequantize(
    _ shape: [Int], _ format: WeightFormat, _ type: ElementType, scale: Float = 1,
    _ bench: OperationFixture
  ) throws {
    let values = TestValues.numbers(shape.reduce(1, *), seed: 18, scale: scale)
    let weight = try bench.weight(values, format, shape: shape)
    let output = try bench.output(type, shape: shape)
    try bench.reference.dequantize(weight.host, into: output.host)
    try bench.operations.dequantize(weight.device, into: output.device)
    try bench.requireEqualBytes(output, "\(shape) \(format.testName) to \(type), scale \(scale)")
  }
}
