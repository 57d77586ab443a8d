import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// Linear layers of every format at every number of rows, with cold caches: each run takes the next of
/// so many copies of the weight that no cache holds them all.
struct LinearBench {
  let open: OpenDevice
  let roofs: any Roofs
  let rows: [Int]
  /// The type of activations and results.
  let elementType: ElementType
  private let operations: any Operations
  private let timer: DeviceTimer

  init(
    _ open: OpenDevice, _ roofs: any Roofs, _ operations: any Operations, rows: [Int] = [],
    elementType: ElementType = .bf16
  ) {
    (self.open, self.roofs, self.operations) = (open, roofs, operations)
    self.elementType = elementType
    self.rows = rows.isEmpty ? open.scale.rows : rows
    timer = DeviceTimer(context: open.context, budget: open.scale.budget)
  }

  /// All rows of one layer in one format; what fails is said, and the others go on.
  func figures(of kind: LinearKind, outputs: Int, inputs: Int) -> [Figure] {
    .attempting("linear \(kind.name) \(outputs)×\(inputs)") {
      try measured(kind, outputs: outputs, inputs: inputs)
    }
  }

  private func measured(_ kind: LinearKind, outputs: Int, inputs: Int) throws -> [Figure] {
    let cells = rows.map {
      LinearCell(
        kind: kind, outputs: outputs, inputs: inputs, rows: $0, elementType: elementType)
    }
    let copies = max(1, open.scale.coldByteCount / cells[0].weightByteCount + 1)
    let weights = try (0..<copies).map {
      try SyntheticWeight.make(
        kind.format, shape: [outputs, inputs], on: open.context, seed: UInt64($0))
    }
    let operands = try LinearOperands(open.context, cells)
    return cells.flatMap { cell in
      [Figure].attempting(cell.name, "", .atLeast, roofs.limit(of: cell)) {
        try figures(of: cell, weights, operands)
      }
    }
  }

  private func figures(
    of cell: LinearCell, _ weights: [WeightView], _ operands: LinearOperands
  ) throws -> [Figure] {
    let (input, output) = (operands.input(cell.rows), operands.output(cell.rows))
    let timing = try timer.time(copies: weights.count) { copy in
      try operations.linear(
        input, weight: weights[copy], bias: nil, arithmetic: cell.kind.arithmetic, into: output)
    }
    let figure = roofs.figure(of: cell, timing)
    guard cell.kind == .bf16, let vendor = try vendorFigure(of: cell, weights, input, output) else {
      return [figure]
    }
    return [figure, vendor]
  }

  /// The same product by the vendor's library, where it is installed.
  private func vendorFigure(
    of cell: LinearCell, _ weights: [WeightView], _ input: Tensor, _ output: Tensor
  ) throws -> Figure? {
    guard let products = open.backend.vendorProducts else { return nil }
    let shape = ProductShape(
      m: cell.rows, n: cell.outputs, k: cell.inputs, input: .bf16, output: .bf16)
    let timing = try timer.time(copies: weights.count) { copy in
      try products.multiply(
        input.view, weights[copy].payload, into: output.view, shape: shape,
        on: open.context.compute)
    }
    return Figure(
      LargeProducts.vendorName(cell), cell.operationCount / timing.seconds / 1e12, "TFLOPS",
      .atLeast, seconds: timing.seconds, note: timing.start.rawValue)
  }
}

extension BenchScale {
  /// The layers: [outputs, inputs].
  var layers: [[Int]] {
    pick(
      full: [[4096, 4096], [11008, 4096], [8192, 28672]], host: [[4096, 4096], [11008, 4096]],
      small: [[256, 512], [512, 256]])
  }

  /// The numbers of rows.
  fileprivate var rows: [Int] {
    pick(
      full: [1, 2, 4, 8, 16, 64, 256, 1024, 2048, 4096], host: [1, 16, 256], small: [1, 8, 16, 64])
  }

  /// The copies of a weight, or of a cache, are together larger than this.
  var coldByteCount: Int { pick(full: 200_000_000, host: 100_000_000, small: 200_000) }
}
