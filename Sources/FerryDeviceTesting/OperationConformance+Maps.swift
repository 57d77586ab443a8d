import FerryFormats
import FerryOperations
import FerryTensors

extension OperationConformance {
  static let mapChecks: [OperationCheck] = [
    OperationCheck("convolve sees the pixels around each, and zeros around the map") { bench in
      for (height, width) in [(1, 1), (2, 3), (8, 32), (9, 33), (17, 50)] {
        try convolve(MapShape(5, 7, height, width), bench)
      }
    },
    OperationCheck("convolve takes any number of channels and outputs") { bench in
      for (channels, outputs) in [(1, 1), (3, 64), (8, 16), (12, 17), (67, 4)] {
        try convolve(MapShape(channels, outputs, 6, 11), bench)
      }
      try convolve(MapShape(9, 10, 5, 6, size: 1), bench)
    },
    OperationCheck("convolve applies slopes to what is negative, with and without a bias") {
      bench in
      for slope in [nil, 0.2, 0] as [Float?] {
        for hasBias in [false, true] {
          try convolve(MapShape(4, 6, 5, 9), slope: slope, hasBias: hasBias, bench)
          try convolve(
            MapShape(4, 18, 5, 9), slope: slope, hasSlopes: true, hasBias: hasBias, bench)
        }
      }
    },
    OperationCheck("convolve takes maps and weights of every type") { bench in
      for type in ElementType.tested {
        for weight in ElementType.tested {
          try convolve(MapShape(6, 5, 4, 20), of: type, weights: weight, slope: 0.1, bench)
        }
      }
    },
    OperationCheck("addScaled is a product and a sum, of any types, into either operand") { bench in
      for type in ElementType.tested { try addScaled(type, type, type, bench) }
      try addScaled(.f16, .f32, .bf16, bench)
      try addScaled(.f32, .bf16, .f32, bench)
    },
    OperationCheck("shufflePixels spreads channels over squares and adds the base") { bench in
      for factor in [1, 2, 3, 4] {
        for type in ElementType.tested {
          try shuffle(MapShape(factor * factor * 3, 3, 5, 7), factor, type, hasBase: true, bench)
        }
        try shuffle(MapShape(factor * factor, 1, 1, 9), factor, .f32, hasBase: false, bench)
      }
    },
    OperationCheck("repeatPixels makes squares of pixels") { bench in
      for factor in [1, 2, 3] {
        for type in ElementType.tested {
          let input = try bench.tensor(
            TestValues.numbers(3 * 4 * 6, seed: 35), type, shape: [3, 4, 6])
          let output = try bench.output(type, shape: [3, 4 * factor, 6 * factor])
          try bench.reference.repeatPixels(input.host, into: output.host)
          try bench.operations.repeatPixels(input.device, into: output.device)
          try bench.requireEqualBytes(output, "\(factor) times as wide, \(type)")
        }
      }
    },
    OperationCheck("maps of more pixels than one row of a grid has threads are whole") { bench in
      try shuffle(MapShape(4, 1, 130, 131), 2, .f32, hasBase: true, bench)
      let values = try bench.tensor(TestValues.numbers(70_001, seed: 41))
      let base = try bench.tensor(TestValues.numbers(70_001, seed: 42))
      try bench.reference.addScaled(values.host, by: 3, to: base.host, into: base.host)
      try bench.operations.addScaled(values.device, by: 3, to: base.device, into: base.device)
      try bench.requireEqualBytes(base, "70001 elements")
    },
    OperationCheck("maps that do not fit each other are refused") { bench in
      try refuseMaps(bench)
    },
  ]

  /// Extents of a convolution.
  private struct MapShape {
    let channels: Int, outputs: Int, height: Int, width: Int, size: Int

    init(_ channels: Int, _ outputs: Int, _ height: Int, _ width: Int, size: Int = 3) {
      (self.channels, self.outputs) = (channels, outputs)
      (self.height, self.width, self.size) = (height, width, size)
    }
  }

  private static func convolve(
    _ shape: MapShape, of type: ElementType = .f32, weights weightType: ElementType = .f32,
    slope: Float? = nil, hasSlopes: Bool = false, hasBias: Bool = true, _ bench: OperationFixture
  ) throws {
    let (inputs, outputs) = ([shape.channels, shape.height, shape.width], shape.outputs)
    let input = try bench.tensor(
      TestValues.numbers(inputs.reduce(1, *), seed: 31), type, shape: inputs)
    let weightShape = [outputs, shape.channels, shape.size, shape.size]
    let weight = try bench.weight(
      TestValues.numbers(weightShape.reduce(1, *), seed: 32), .plain(weightType),
      shape: weightShape)
    let bias = try bench.weight(
      TestValues.numbers(outputs, seed: 33), .plain(weightType), shape: [outputs])
    let slopes = try bench.weight(
      TestValues.numbers(outputs, seed: 34, scale: slope ?? 1), .plain(weightType),
      shape: [outputs])
    let output = try bench.output(type, shape: [outputs, shape.height, shape.width])
    func activation(_ slopes: WeightView) -> Activation {
      if hasSlopes { return .parametricReLU(slopes: slopes) }
      return slope.map { .leakyReLU(slope: $0) } ?? .none
    }
    try bench.reference.convolve(
      input.host, weight: weight.host, bias: hasBias ? bias.host : nil,
      activation: activation(slopes.host), into: output.host)
    try bench.operations.convolve(
      input.device, weight: weight.device, bias: hasBias ? bias.device : nil,
      activation: activation(slopes.device), into: output.device)
    try bench.requireClose(output, "\(shape) of \(type), weights \(weightType)")
  }

  private static func addScaled(
    _ type: ElementType, _ baseType: ElementType, _ outputType: ElementType,
    _ bench: OperationFixture
  ) throws {
    let values = try bench.tensor(TestValues.numbers(333, seed: 36), type)
    let base = try bench.tensor(TestValues.numbers(333, seed: 37), baseType)
    let output = try bench.output(outputType, shape: [333])
    for target in [output, base, values] {
      try bench.reference.addScaled(
        values.host, by: 0.2, to: base.host, into: target.host)
      try bench.operations.addScaled(
        values.device, by: 0.2, to: base.device, into: target.device)
      try bench.requireEqualBytes(target, "\(type), \(baseType) into \(outputType)")
    }
  }

  private static func shuffle(
    _ shape: MapShape, _ factor: Int, _ type: ElementType, hasBase: Bool, _ bench: OperationFixture
  ) throws {
    let (height, width) = (shape.height, shape.width)
    let input = try bench.tensor(
      TestValues.numbers(shape.channels * height * width, seed: 38), type,
      shape: [shape.channels, height, width])
    let base = try bench.tensor(
      TestValues.numbers(shape.outputs * height * width, seed: 39), .f32,
      shape: [shape.outputs, height, width])
    let output = try bench.output(type, shape: [shape.outputs, factor * height, factor * width])
    try bench.reference.shufflePixels(
      input.host, adding: hasBase ? base.host : nil, into: output.host)
    try bench.operations.shufflePixels(
      input.device, adding: hasBase ? base.device : nil, into: output.device)
    try bench.requireEqualBytes(output, "factor \(factor), \(type)")
  }

  private static func refuseMaps(_ bench: OperationFixture) throws {
    let weight = try bench.weight(
      TestValues.numbers(2 * 3 * 9, seed: 40), .plain(.f32), shape: [2, 3, 3, 3])
    let (map, other) = (try bench.output(shape: [3, 4, 6]), try bench.output(shape: [2, 4, 7]))
    try requireShapeMismatch("an output of another width") {
      try bench.operations.convolve(
        map.device, weight: weight.device, bias: nil, activation: .none, into: other.device)
    }
    try requireShapeMismatch("a square of 7 by 6") {
      try bench.operations.repeatPixels(map.device, into: other.device)
    }
    try requireShapeMismatch("a sum of maps of different sizes") {
      try bench.operations.addScaled(
        map.device, by: 1, to: other.device, into: map.device)
    }
  }
}
