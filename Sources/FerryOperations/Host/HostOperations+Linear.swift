import CHostKernels
import FerryFormats
public import FerryTensors

extension HostOperations {
  /// Up to ``fewRows`` rows go straight through the weight's bytes, more through decoded tiles of it.
  public func linear(
    _ input: Tensor, weight: WeightView, bias: WeightView?, arithmetic: LinearArithmetic,
    into output: Tensor
  ) throws {
    try checks.linear(input, weight: weight, bias: bias, arithmetic: arithmetic, into: output)
    guard input.rowCount > 0, weight.rowCount > 0 else { return }
    let product = HostProduct(input, weight, bias, output, on: self)
    if case .int8Rows = weight.entry.format, case .llmInt8(let threshold) = arithmetic {
      product.int8(threshold: threshold)
    } else if input.rowCount <= Self.fewRows {
      product.few()
    } else {
      product.many()
    }
  }

  /// From here on decoding a tile costs less than reading the weight once for every four rows.
  private static let fewRows = 8
}

/// The operands of one linear layer, and the ways to multiply them.
struct HostProduct {
  let operations: HostOperations
  let level: Int32
  let weight: ferry_weight
  let input: HostTensor
  let output: HostTensor
  let bias: (start: UnsafeRawPointer, elementType: ElementType)?
  /// Rows of activations, elements of one, rows of the weight.
  let rows: Int, columns: Int, outputs: Int

  init(
    _ input: Tensor, _ weight: WeightView, _ bias: WeightView?, _ output: Tensor,
    on operations: HostOperations
  ) {
    self.operations = operations
    level = operations.level.rawValue
    self.weight = ferry_weight(weight)
    self.input = HostTensor(input)
    self.output = HostTensor(output)
    self.bias = bias.flatMap { bias in
      guard case .plain(let type) = bias.entry.format else { return nil }
      return (bias.payload.startOnHost, type)
    }
    rows = input.rowCount
    columns = weight.columnCount
    outputs = weight.rowCount
  }

  /// Stores sums for the outputs `range` of activation row `row`.
  func finish(_ sums: UnsafePointer<Float>, row: Int, outputs range: Range<Int>) {
    let biases = bias.map { $0.start + range.lowerBound * $0.elementType.byteCount }
    ferry_finish_row(
      level, sums, biases, bias?.elementType.kernelType ?? 0,
      output.at(row * outputs + range.lowerBound), output.type, Int64(range.count))
  }

  /// Copies row `row` of the input to f32.
  func loadRow(_ row: Int, into target: UnsafeMutablePointer<Float>) {
    ferry_convert(
      level, input.at(row * columns), input.type, target, Int32(FERRY_F32), Int64(columns))
  }

  /// Straight from the weight's bytes, four rows of activations at a time.
  func few() {
    let stride = withUnsafePointer(to: weight) { Int(ferry_arranged_count(level, $0)) }
    let arranged = arrangedInput(stride: stride)
    let grain = max(1, 32768 / max(columns, 1))
    operations.pool.run(count: outputs, grain: grain) { range in
      fewOutputs(range, of: arranged.start, stride: stride)
    }
  }

  private func arrangedInput(stride: Int) -> Scratch<Float> {
    let row = Scratch<Float>(count: columns)
    let arranged = Scratch<Float>(count: rows * stride)
    withUnsafePointer(to: weight) { weight in
      for index in 0..<rows {
        loadRow(index, into: row.start)
        ferry_arrange(level, weight, row.start, arranged.start + index * stride)
      }
    }
    return arranged
  }

  private func fewOutputs(_ range: Range<Int>, of arranged: UnsafePointer<Float>, stride: Int) {
    withUnsafePointer(to: weight) { weight in
      let scratch = Scratch<Float>(count: Int(ferry_few_scratch(level, weight)))
      let sums = Scratch<Float>(count: 4 * range.count)
      for first in Swift.stride(from: 0, to: rows, by: 4) {
        let count = min(4, rows - first)
        ferry_linear_few(
          level, weight, Int64(range.lowerBound), Int64(range.count), arranged + first * stride,
          Int32(count), sums.start, Int64(range.count), scratch.start)
        for index in 0..<count {
          finish(sums.start + index * range.count, row: first + index, outputs: range)
        }
      }
    }
  }
}
