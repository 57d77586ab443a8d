import FerryDevices
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
      OperationCheck("whole units of aligned operands decode, and what is left of a row") { bench in
        bench.alignment = 16
        for format in WeightFormat.tested + [.dynamic8(blockSize: 8), .dynamic8(blockSize: 5000)] {
          for type in ElementType.tested {
            for shape in [[3, 1368], [5, 1027], [5003, 1], [1, 7]] {
              try dequantize(shape, format, type, bench)
            }
          }
        }
      },
      OperationCheck("scales beyond all numbers decode, and what is beyond the output's") { bench in
        bench.alignment = 16
        for format in [WeightFormat.fourBit(FourBitFormat(.nf4)), .int8Rows] {
          for type in ElementType.tested { try dequantizeInfinite(format, type, bench) }
        }
        for type in ElementType.tested {
          try dequantize([2, 64], .plain(.f32), type, scale: .greatestFiniteMagnitude, bench)
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

  /// Rows whose absmax is infinite, or so large that some elements are.
  private static func dequantizeInfinite(
    _ format: WeightFormat, _ type: ElementType, _ bench: OperationFixture
  ) throws {
    let weight = try bench.emptyWeight(format, shape: [3, 64])
    let scales: [Float] = [.infinity, -.infinity, 3e38]
    let bytes = scales.withUnsafeBytes { Array($0) }
    weight.host.parts[1].mutableHostBytes?.copyBytes(from: bytes)
    try bench.upload(bytes, to: weight.device.parts[1])
    let output = try bench.output(type, shape: [3, 64])
    try bench.reference.dequantize(weight.host, into: output.host)
    try bench.operations.dequantize(weight.device, into: output.device)
    try bench.requireEqualBytes(output, "infinite \(format.testName) to \(type)")
  }

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
