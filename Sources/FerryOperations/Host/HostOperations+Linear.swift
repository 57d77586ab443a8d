import CHostKernels
import FerryFormats
public import FerryTensors

extension HostOperations {
  /// Up to ``fewRows`` rows go straight through the weight's bytes, more through a decoded panel of it.
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

  /// From here on decoding a panel costs less than decoding in registers for every eight rows.
  private static let fewRows = 24
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

  /// Stores sums for the outputs `range` of rows of activations, which lie one after the other.
  func finish(_ sums: UnsafePointer<Float>, rows: Range<Int>, outputs range: Range<Int>) {
    for (index, row) in rows.enumerated() {
      finish(sums + index * range.count, row: row, outputs: range)
    }
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

  /// Straight from the weight's bytes, eight rows of activations at a time.
  func few() {
    withUnsafePointer(to: weight) { weight in
      let type = ferry_product_type(level, weight, input.type)
      let arranged = arrangedInput(weight, as: type)
      let grain = max(1, 32768 / max(columns, 1))
      operations.pool.run(count: outputs, grain: grain) { range in
        fewOutputs(range, weight, of: arranged.start, type)
      }
    }
  }

  /// Rows that are arranged at once.
  private static let arrangedRows = 8

  private func arrangedInput(_ weight: UnsafePointer<ferry_weight>, as type: Int32)
    -> Scratch<UInt8>
  {
    let pitch = arrangedBytes(weight, of: type)
    let arranged = Scratch<UInt8>(count: rows * pitch)
    operations.pool.run(pieces: rows.blocks(of: Self.arrangedRows)) { piece in
      let first = piece * Self.arrangedRows
      ferry_arrange(
        level, weight, type, input.at(first * columns), input.type,
        Int64(min(Self.arrangedRows, rows - first)), arranged.start + first * pitch)
    }
    return arranged
  }

  /// The bytes of an arranged row of numbers of `type`.
  func arrangedBytes(_ weight: UnsafePointer<ferry_weight>, of type: Int32) -> Int {
    Int(ferry_arranged_count(level, weight)) * (type == Int32(FERRY_F32) ? 4 : 2)
  }

  private func fewOutputs(
    _ range: Range<Int>, _ weight: UnsafePointer<ferry_weight>, of arranged: UnsafeRawPointer,
    _ type: Int32
  ) {
    let scratch = Scratch<Float>(count: Int(ferry_few_scratch(level, weight)))
    let sums = Scratch<Float>(count: rows * range.count)
    ferry_linear_few(
      level, weight, type, Int64(range.lowerBound), Int64(range.count), arranged, Int64(rows),
      sums.start, Int64(range.count), scratch.start)
    finish(sums.start, rows: 0..<rows, outputs: range)
  }
}
