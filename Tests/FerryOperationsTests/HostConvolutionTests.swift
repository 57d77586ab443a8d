import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Testing

/// Convolutions that the host computes by tiles.
@Suite struct HostConvolutionTests {
  /// Extents of a convolution.
  struct Shape: Sendable, CustomTestStringConvertible {
    let channels: Int, outputs: Int, height: Int, width: Int
    var testDescription: String { "\(channels) to \(outputs), \(height) × \(width)" }

    init(_ channels: Int, _ outputs: Int, _ height: Int, _ width: Int) {
      (self.channels, self.outputs) = (channels, outputs)
      (self.height, self.width) = (height, width)
    }
  }

  static let shapes = [
    Shape(8, 8, 1, 1), Shape(8, 9, 4, 64), Shape(13, 33, 3, 70), Shape(40, 8, 9, 5),
    Shape(8, 37, 66, 2), Shape(9, 8, 26, 27),
  ]

  let context: DeviceContext

  init() throws { context = try DeviceContext(HostBackend()) }

  @Test(arguments: shapes, [ElementType.f32, .f16, .bf16])
  func tilesAreWithinTheBoundOfTheirMagnitudes(shape: Shape, type: ElementType) throws {
    var numbers = TestNumbers(seed: UInt64(shape.width))
    let operands = try Operands(shape, type, &numbers)
    let expected = operands.output(.f32)
    try operands.convolve(ReferenceOperations(context: context), into: expected)
    let bounds = TileMagnitudes(operands.input.floats, operands.weights, shape).bounds
    let half: Float = type == .f16 ? 0x1p-11 : type == .bf16 ? 0x1p-8 : 0x1p-24
    for level in InstructionLevel.available {
      let output = operands.output(type)
      try operands.convolve(
        HostOperations(context: context, threads: 2, level: level), into: output)
      for (index, (value, expected)) in zip(output.floats, expected.floats).enumerated() {
        let bound = bounds[index] * (1 + half) + half * abs(expected) + 0x1p-24
        #expect(abs(value - expected) <= bound, "\(level), element \(index)")
      }
    }
  }

  @Test(arguments: InstructionLevel.available)
  func theNumberOfThreadsChangesNoBit(level: InstructionLevel) throws {
    var numbers = TestNumbers(seed: 5)
    let operands = try Operands(Shape(16, 20, 50, 75), .f32, &numbers)
    let results = try [1, 2, 3, 7].map { threads in
      let output = operands.output(.f32)
      try operands.convolve(
        HostOperations(context: context, threads: threads, level: level), into: output)
      return output.bytes
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// Rows and columns from 8 and 12 on: whole tiles, of which all but those at the edges see the same.
  @Test(arguments: InstructionLevel.available)
  func aTileDependsOnNothingThatItDoesNotSee(level: InstructionLevel) throws {
    var numbers = TestNumbers(seed: 6)
    let operands = try Operands(Shape(8, 8, 40, 52), .f32, &numbers)
    let operations = HostOperations(context: context, threads: 2, level: level)
    let part = operands.part(rows: 8..<31, columns: 12..<49)
    let (whole, cut) = (operands.output(.f32), part.output(.f32))
    try operands.convolve(operations, into: whole)
    try part.convolve(operations, into: cut)
    let (wholes, cuts) = (whole.floats, cut.floats)
    for output in 0..<8 {
      for y in 4..<20 {
        let start = (output * 40 + 8 + y) * 52 + 12, row = (output * 23 + y) * 37
        #expect(Array(wholes[start + 4..<start + 32]) == Array(cuts[row + 4..<row + 32]))
      }
    }
  }
}

/// A convolution's operands; its map starts at an odd byte.
private struct Operands {
  let shape: HostConvolutionTests.Shape
  let input: Tensor
  let weights: [Float]
  let weight: WeightView, bias: WeightView, slopes: WeightView

  init(
    _ shape: HostConvolutionTests.Shape, _ type: ElementType, _ numbers: inout TestNumbers
  ) throws {
    self.shape = shape
    let extents = [shape.channels, shape.height, shape.width]
    input = .of(numbers.floats(extents.reduce(1, *)), type, extents, shift: 1)
    let square = [shape.outputs, shape.channels, 3, 3]
    weights = Tensor.of(numbers.floats(square.reduce(1, *)), type, square).floats
    weight = try .encoding(weights, .plain(type), square, shift: 1)
    bias = try .plain(numbers.floats(shape.outputs), [shape.outputs])
    slopes = try .plain(numbers.floats(shape.outputs), [shape.outputs])
  }

  private init(_ operands: Operands, _ shape: HostConvolutionTests.Shape, _ input: Tensor) {
    (self.shape, self.input) = (shape, input)
    (weights, weight) = (operands.weights, operands.weight)
    (bias, slopes) = (operands.bias, operands.slopes)
  }

  func output(_ type: ElementType) -> Tensor {
    .empty(type, [shape.outputs, shape.height, shape.width], shift: 1)
  }

  func convolve(_ operations: any Operations, into output: Tensor) throws {
    try operations.convolve(
      input, weight: weight, bias: bias, activation: .parametricReLU(slopes: slopes),
      into: output)
  }

  /// The same over a part of the map.
  func part(rows: Range<Int>, columns: Range<Int>) -> Operands {
    let floats = input.floats
    let values = (0..<shape.channels).flatMap { channel in
      rows.flatMap { y in
        columns.map { x in floats[(channel * shape.height + y) * shape.width + x] }
      }
    }
    let part = HostConvolutionTests.Shape(
      shape.channels, shape.outputs, rows.count, columns.count)
    return Operands(
      self, part, .of(values, [shape.channels, rows.count, columns.count]))
  }
}

/// Winograd's algorithm over magnitudes, its matrices' included: what bounds its errors.
private struct TileMagnitudes {
  private static let weightMatrix: [[Double]] = [
    [1 / 4, 0, 0], [1 / 6, 1 / 6, 1 / 6], [1 / 6, 1 / 6, 1 / 6], [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, 1 / 12, 1 / 6], [0, 0, 1],
  ]
  private static let pixelMatrix: [[Double]] = [
    [4, 0, 5, 0, 1, 0], [0, 4, 4, 1, 1, 0], [0, 4, 4, 1, 1, 0], [0, 2, 1, 2, 1, 0],
    [0, 2, 1, 2, 1, 0], [0, 4, 0, 5, 0, 1],
  ]
  private static let outputMatrix: [[Double]] = [
    [1, 1, 1, 1, 1, 0], [0, 1, 1, 2, 2, 0], [0, 1, 1, 4, 4, 0], [0, 1, 1, 8, 8, 1],
  ]

  /// What each element of the result may be off by, before it is rounded to the output's type.
  let bounds: [Float]

  init(_ input: [Float], _ weight: [Float], _ shape: HostConvolutionTests.Shape) {
    let (height, width) = (shape.height, shape.width)
    let weights = (0..<shape.outputs * shape.channels).map { square in
      Self.transformed(Self.weightMatrix, size: 3) { abs(Double(weight[square * 9 + $0 * 3 + $1])) }
    }
    var bounds = [Float](repeating: 0, count: shape.outputs * height * width)
    let unit = Double(shape.channels + 32) * 0x1p-24
    for y in stride(from: 0, to: height, by: 4) {
      for x in stride(from: 0, to: width, by: 4) {
        let pixels = (0..<shape.channels).map { channel in
          Self.transformed(Self.pixelMatrix, size: 6) { i, j in
            let (row, column) = (y + i - 1, x + j - 1)
            guard (0..<height).contains(row), (0..<width).contains(column) else { return 0 }
            return abs(Double(input[(channel * height + row) * width + column]))
          }
        }
        for output in 0..<shape.outputs {
          var sums = [Double](repeating: 0, count: 36)
          for channel in 0..<shape.channels {
            let weights = weights[output * shape.channels + channel]
            for place in 0..<36 { sums[place] += weights[place] * pixels[channel][place] }
          }
          let result = Self.transformed(Self.outputMatrix, size: 6) { sums[$0 * 6 + $1] }
          for i in 0..<min(4, height - y) {
            for j in 0..<min(4, width - x) {
              bounds[(output * height + y + i) * width + x + j] = Float(unit * result[i * 4 + j])
            }
          }
        }
      }
    }
    self.bounds = bounds
  }

  /// M v Mᵗ, row by row.
  private static func transformed(
    _ matrix: [[Double]], size: Int, _ value: (Int, Int) -> Double
  ) -> [Double] {
    let half = matrix.map { row in
      (0..<size).map { j in (0..<size).reduce(0) { $0 + row[$1] * value($1, j) } }
    }
    return half.flatMap { line in
      matrix.map { row in (0..<size).reduce(0) { $0 + row[$1] * line[$1] } }
    }
  }
}
