import FerryFormats
import FerryTensors

/// A bias and the number of its type.
struct KernelBias {
  private let buffer: KernelBuffer
  private let type: ElementType?

  init(_ run: KernelRun) throws {
    buffer = try run.buffer()
    type = try run.optionalType()
  }

  /// The bias as a weight; nil where there is none.
  func weight(_ count: Int) throws -> WeightView? {
    try type.map { try buffer.plainWeight($0, count) }
  }

  /// Its numbers, zeros where there is none.
  func values(_ count: Int) throws -> [Float] {
    try type.map { try buffer.floats(count, $0) } ?? Array(repeating: 0, count: count)
  }
}

/// The product of LLM.int8(): codes times codes in integers, and outlier columns in full precision.
struct IntegerProduct {
  var input: KernelBuffer
  var codes: KernelBuffer
  var absmax: KernelBuffer
  /// How many outlier columns there are, then which; nil for none.
  var list: KernelBuffer?
  var payload: KernelBuffer
  var scales: KernelBuffer

  init(
    input: KernelBuffer, codes: KernelBuffer, absmax: KernelBuffer, list: KernelBuffer?,
    payload: KernelBuffer, scales: KernelBuffer
  ) {
    (self.input, self.codes, self.absmax, self.list) = (input, codes, absmax, list)
    (self.payload, self.scales) = (payload, scales)
  }

  /// The arguments in the order of int8.cl.
  init(_ run: KernelRun) throws {
    input = try run.buffer()
    codes = try run.buffer()
    absmax = try run.buffer()
    let list = try run.buffer()
    self.list = try run.count() != 0 ? list : nil
    payload = try run.buffer()
    scales = try run.buffer()
  }

  func store(
    rows: Int, columns: Int, outputs: Int, input type: ElementType, _ bias: KernelBias,
    into output: KernelBuffer, as outputType: ElementType
  ) throws {
    let operands = IntegerOperands(
      columns: columns, input: try input.floats(rows * columns, type),
      codes: try codes.elements(rows * columns, of: Int8.self),
      absmax: try absmax.elements(rows, of: Float.self),
      weight: try payload.elements(outputs * columns, of: Int8.self),
      scales: try scales.elements(outputs, of: Float.self),
      outliers: try list?.list(atMost: columns) ?? [])
    let biases = try bias.values(outputs)
    let sums = (0..<rows).flatMap { row in
      (0..<outputs).map { Float(operands.sum(row, $0) + Double(biases[$0])) }
    }
    try output.store(sums, as: outputType)
  }
}

/// The numbers of such a product.
private struct IntegerOperands {
  let columns: Int
  let input: [Float]
  let codes: UnsafeMutableBufferPointer<Int8>
  let absmax: UnsafeMutableBufferPointer<Float>
  let weight: UnsafeMutableBufferPointer<Int8>
  let scales: UnsafeMutableBufferPointer<Float>
  let outliers: [Int]

  func sum(_ row: Int, _ output: Int) -> Double {
    let integers = (0..<columns).reduce(0) {
      $0 + Int(codes[row * columns + $1]) * Int(weight[output * columns + $1])
    }
    let scaled = Double(integers) * Double(absmax[row]) * Double(scales[output]) / 16129
    guard !outliers.isEmpty else { return scaled }
    let rest = outliers.reduce(0.0) {
      $0 + Double(input[row * columns + $1]) * Double(weight[output * columns + $1])
    }
    return scaled + rest * Double(scales[output]) / 127
  }
}

extension KernelBuffer {
  /// A list that starts with its length.
  fileprivate func list(atMost limit: Int) throws -> [Int] {
    let count = Int(try elements(1, of: UInt32.self)[0])
    guard count <= limit else { throw KernelFault("a list of \(count) outliers") }
    return try elements(count + 1, of: UInt32.self).dropFirst().map { Int($0) }
  }
}
