import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

/// Encoding and decoding on every level against the bytes of FerryFormats.
@Suite struct HostCodingTests {
  static let formats: [WeightFormat] =
    [32, 64, 256, 4096].map { .fourBit(FourBitFormat(.nf4, blockSize: $0)) }
    + [32, 64].map { .fourBit(FourBitFormat(.fp4, blockSize: $0)) }
    + [
      .fourBit(FourBitFormat(.nf4, isNested: true)),
      .fourBit(FourBitFormat(.fp4, blockSize: 32, isNested: true)),
      .int8Rows, .dynamic8(blockSize: 256), .dynamic8(blockSize: 7),
      .plain(.f32), .plain(.f16), .plain(.bf16),
    ]
  static let shapes = [[1], [3, 31], [1, 33], [7, 96], [2, 160], [9, 64], [70, 131], [0, 4]]

  let context: DeviceContext
  let reference: ReferenceOperations

  init() throws {
    context = try DeviceContext(HostBackend())
    reference = ReferenceOperations(context: context)
  }

  private func host(_ level: InstructionLevel) -> HostOperations {
    HostOperations(context: context, threads: 2, level: level)
  }

  private func expectReferencesBytes(_ values: Tensor, _ format: WeightFormat, _ shape: [Int])
    throws
  {
    let expected = WeightView.empty(format, shape, dtype: values.elementType)
    let expectedOffset = try reference.quantize(values, into: expected)
    for level in InstructionLevel.available {
      let weight = WeightView.empty(format, shape, dtype: values.elementType, shift: 1)
      let offset = try host(level).quantize(values, into: weight)
      #expect(offset.bitPattern == expectedOffset.bitPattern)
      #expect(weight.parts.map(\.bytes) == expected.parts.map(\.bytes), "\(level)")
    }
  }

  @Test(arguments: formats, shapes)
  func quantizeWritesTheReferencesBytes(format: WeightFormat, shape: [Int]) throws {
    var numbers = TestNumbers(seed: UInt64(shape.reduce(1, *)))
    let values = numbers.floats(shape.reduce(1, *), scale: 3)
    for type in [ElementType.f32, .f16, .bf16] {
      try expectReferencesBytes(.of(values, type, shape, shift: 1), format, shape)
    }
  }

  /// Ties, neighbours of ties, zeros of both signs, subnormal and huge blocks.
  @Test(arguments: formats)
  func awkwardBlocksGiveTheReferencesBytes(format: WeightFormat) throws {
    let midpoints = CodeBook.nf4.midpoints + CodeBook.fp4.midpoints.filter(\.isFinite)
    let around = midpoints.flatMap { [$0, $0.nextUp, $0.nextDown, -$0] }
    let scales: [Float] = [1, 3, 0x1p-126, 0x1p-130, .leastNonzeroMagnitude, 1e-30]
    var values: [Float] = []
    for scale in scales { values += ([1] + around).map { $0 * scale } + [0, -0.0] }
    values += [Float](repeating: 0, count: 300) + [Float](repeating: -0.0, count: 64) + [0x1p-147]
    let large: Float = format == .int8Rows || format == .plain(.f16) ? 65504 : 3e38
    values += around.map { $0 * large } + [large, -large, large / 3]
    try expectReferencesBytes(.of(values, [values.count]), format, [values.count])
    try expectReferencesBytes(.of(values, [1, values.count]), format, [1, values.count])
  }

  /// Blocks that start with 1, so that every other element is compared as it is: all thresholds and their
  /// neighbours, and numbers from the smallest on.
  @Test(arguments: [
    WeightFormat.fourBit(FourBitFormat(.nf4)), .fourBit(FourBitFormat(.fp4)),
    .fourBit(FourBitFormat(.nf4, blockSize: 512)), .dynamic8(blockSize: 256),
    .dynamic8(blockSize: 7),
  ])
  func thresholdsGiveTheReferencesBytes(format: WeightFormat) throws {
    let (book, blockSize): (CodeBook, Int) =
      switch format {
      case .fourBit(let format): (format.code.book, format.blockSize)
      case .dynamic8(let blockSize): (.dynamic8, blockSize)
      default: preconditionFailure("\(format) has no code book")
      }
    let thresholds = book.midpoints.filter(\.isFinite)
    var numbers = thresholds.flatMap {
      [$0, $0.nextUp, $0.nextDown, -$0, -$0.nextUp, -$0.nextDown]
    }
    numbers += (0..<4096).map { Float(bitPattern: UInt32($0) << 18) }.filter { $0 <= 1 }
    numbers += [0, -0.0, 1, -1, Float(1).nextDown, -Float(1).nextDown]
    numbers += numbers.map { -$0 }
    let rest = (blockSize - 1 - numbers.count % (blockSize - 1)) % (blockSize - 1)
    numbers += [Float](repeating: 0, count: rest)
    var values: [Float] = []
    for start in stride(from: 0, to: numbers.count, by: blockSize - 1) {
      values.append(1)
      values += numbers[start..<start + blockSize - 1]
    }
    try expectReferencesBytes(.of(values, [values.count]), format, [values.count])
    // Where the reciprocal is subnormal, a quotient may be above 1.
    let large = values.map { $0 * 0x1.fffffap127 }
    try expectReferencesBytes(.of(large, [values.count]), format, [values.count])
  }

  /// Halves of a code, which go to the even one, after elements have been rounded to f16.
  @Test func halvesOfInt8CodesGiveTheReferencesBytes() throws {
    let halves = (-254...254).map { Float($0) / 2 }
    var values: [Float] = [127]
    for half in halves {
      values += [half, half.nextUp, half.nextDown, half + 0x1p-6, half - 0x1p-6]
    }
    let bounded = values.map { min(max($0, -127), 127) }
    for type in [ElementType.f32, .f16, .bf16] {
      let tensor = Tensor.of(bounded, type, [1, bounded.count], shift: 1)
      try expectReferencesBytes(tensor, .int8Rows, [1, bounded.count])
    }
  }

  /// What is written past the caches, in several pieces, from any address on.
  @Test(arguments: formats, [0, 1, 2])
  func streamedElementsAreTheReferencesBits(format: WeightFormat, shift: Int) throws {
    var numbers = TestNumbers(seed: 12)
    let shape = [53, 401]
    let weight = try WeightView.encoding(numbers.floats(53 * 401), format, shape, shift: 1)
    for type in [ElementType.f32, .f16, .bf16] {
      let expected = Tensor.empty(type, shape)
      try reference.dequantize(weight, into: expected)
      for level in InstructionLevel.available {
        let output = Tensor.empty(type, shape, shift: shift)
        let operations = HostOperations(
          context: context, threads: 2, level: level, streamedByteCount: 0)
        try operations.dequantize(weight, into: output)
        #expect(output.bytes == expected.bytes, "\(level) \(type)")
      }
    }
  }

  @Test(arguments: formats, shapes)
  func dequantizeGivesTheReferencesBits(format: WeightFormat, shape: [Int]) throws {
    var numbers = TestNumbers(seed: 8)
    let values = numbers.floats(shape.reduce(1, *), scale: 2)
    let weight = try WeightView.encoding(values, format, shape, shift: 1)
    for type in [ElementType.f32, .f16, .bf16] {
      let expected = Tensor.empty(type, shape)
      try reference.dequantize(weight, into: expected)
      for level in InstructionLevel.available {
        let output = Tensor.empty(type, shape, shift: 1)
        try host(level).dequantize(weight, into: output)
        #expect(output.bytes == expected.bytes, "\(level) \(type)")
      }
    }
  }

  @Test(arguments: formats)
  func gatherGivesTheBitsOfTheRows(format: WeightFormat) throws {
    var numbers = TestNumbers(seed: 9)
    let table = try WeightView.encoding(numbers.floats(20 * 33), format, [20, 33], shift: 1)
    let tokens: [Int32] = [19, 0, 3, 3, 7]
    for type in [ElementType.f32, .f16, .bf16] {
      let expected = Tensor.empty(type, [5, 33])
      try reference.gatherRows(.numbers(tokens), of: table, into: expected)
      for level in InstructionLevel.available {
        let output = Tensor.empty(type, [5, 33])
        try host(level).gatherRows(.numbers(tokens), of: table, into: output)
        #expect(output.bytes == expected.bytes)
      }
    }
  }

  @Test(arguments: formats.filter(\.isQuantized))
  func theFirstElementAtFaultIsNamed(format: WeightFormat) throws {
    for (index, bad) in [(0, Float.nan), (4999, .infinity), (2500, -.infinity)] {
      var values = [Float](repeating: 0.5, count: 5000)
      values[index] = bad
      let tensor = Tensor.of(values, [1, 5000])
      let expected = #expect(throws: FormatError.self) {
        _ = try reference.quantize(tensor, into: .empty(format, [1, 5000]))
      }
      for level in InstructionLevel.available {
        let error = #expect(throws: FormatError.self) {
          _ = try host(level).quantize(tensor, into: .empty(format, [1, 5000]))
        }
        #expect(error?.code == expected?.code && error?.index == index)
      }
    }
  }

  @Test func whatHalfCannotHoldIsAnError() throws {
    let values = Tensor.of([1, 2, 70000, 3], [2, 2])
    for format in [WeightFormat.int8Rows, .plain(.f16)] {
      for level in InstructionLevel.available {
        let error = #expect(throws: FormatError.self) {
          _ = try host(level).quantize(values, into: .empty(format, [2, 2]))
        }
        #expect(error?.code == .exceedsHalf && error?.index == 2)
      }
    }
  }

  @Test(arguments: InstructionLevel.available)
  func everyHalfAndManyFloatsConvertAsTheLanguageDoes(level: InstructionLevel) throws {
    let halves = Tensor.empty(.f16, [1, 65536])
    for bits in 0..<65536 {
      halves.view.mutableHostBytes?.storeBytes(
        of: UInt16(bits), toByteOffset: 2 * bits, as: UInt16.self)
    }
    let floats = Tensor.empty(.f32, [1, 65536])
    try host(level).store(halves, intoRowsOf: floats, at: 0)
    let values = floats.floats
    let wrong = (0..<65536).filter { bits in
      let expected = Float(Float16(bitPattern: UInt16(bits)))
      let value = values[bits]
      return expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern
    }
    #expect(wrong.isEmpty)
  }

  @Test(arguments: InstructionLevel.available, [ElementType.f16, .bf16])
  func floatsRoundAsTheLanguageDoes(level: InstructionLevel, type: ElementType) throws {
    var numbers = TestNumbers(seed: 10)
    var values = (0..<20000).map { _ in
      Float(bitPattern: UInt32(truncatingIfNeeded: numbers.next()))
    }
    // Halfway between two halves, and its neighbours, in every binade of f16.
    for exponent in -26...16 {
      for tie: Float in [1 + 0x1p-11, 1 + 0x3p-11, 1.5 + 0x1p-11, 2 - 0x1p-11, 1 + 0x1p-8] {
        let value = Float(sign: .plus, exponent: exponent, significand: tie)
        values += [value, value.nextUp, value.nextDown, -value]
      }
    }
    values += [65504, 65519.99, 65520, .infinity, .nan, 0, -0.0, .leastNonzeroMagnitude]
    let target = Tensor.empty(type, [1, values.count])
    try host(level).store(.of(values, [1, values.count]), intoRowsOf: target, at: 0)
    let rounded = target.floats
    let wrong = values.indices.filter { index in
      let expected =
        type == .f16 ? Float(Float16(values[index])) : Float(BFloat16(values[index]))
      return expected.isNaN
        ? !rounded[index].isNaN : rounded[index].bitPattern != expected.bitPattern
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3).map { values[$0] })")
  }
}
