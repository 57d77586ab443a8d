import CHostKernels
import FerryFormats
public import FerryTensors

extension HostOperations {
  /// One layer, as several.
  public func linear(
    _ input: Tensor, weight: WeightView, bias: WeightView?, arithmetic: LinearArithmetic,
    into output: Tensor
  ) throws {
    try linear(
      input, layers: [LinearLayer(weight, bias: bias, into: output)], arithmetic: arithmetic)
  }

  /// Few rows go straight through the bytes of all weights in one task, more through decoded panels
  /// of one weight after the other.
  public func linear(
    _ input: Tensor, layers: [LinearLayer], arithmetic: LinearArithmetic
  ) throws {
    for layer in layers {
      try checks.linear(
        input, weight: layer.weight, bias: layer.bias, arithmetic: arithmetic, into: layer.output)
    }
    guard input.rowCount > 0 else { return }
    let products = layers.map { HostProduct(input, $0, on: self) }.filter { $0.outputs > 0 }
    guard case .llmInt8(let threshold) = arithmetic, products.contains(where: \.isInt8) else {
      return multiply(products)
    }
    HostProducts(products.filter(\.isInt8))?.int8(threshold: threshold)
    multiply(products.filter { !$0.isInt8 })
  }

  /// Products with decoded weights.
  private func multiply(_ products: [HostProduct]) {
    guard let first = products.first, first.rows > level.fewRows else {
      HostProducts(products)?.few()
      return
    }
    for product in products { product.many() }
  }
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

  init(_ input: Tensor, _ layer: LinearLayer, on operations: HostOperations) {
    self.operations = operations
    level = operations.level.rawValue
    weight = ferry_weight(layer.weight)
    self.input = HostTensor(input)
    output = HostTensor(layer.output)
    bias = layer.bias.flatMap { bias in
      guard case .plain(let type) = bias.entry.format else { return nil }
      return (bias.payload.startOnHost, type)
    }
    rows = input.rowCount
    columns = layer.weight.columnCount
    outputs = layer.weight.rowCount
  }

  /// Whether the weight is rows of LLM.int8().
  var isInt8: Bool { weight.format == Int32(FERRY_INT8_ROWS) }

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

  /// The bytes of an arranged row of numbers of `type`.
  func arrangedBytes(_ weight: UnsafePointer<ferry_weight>, of type: Int32) -> Int {
    Int(ferry_arranged_bytes(level, weight, type))
  }
}
