import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// Linear layers of every format at every number of rows, with cold caches: each run takes the next of
/// so many copies of the weight that no cache holds them all.
struct LinearBench {
  let open: OpenDevice
  let bandwidth: CopyBandwidth
  let rows: [Int]
  private let operations: KernelOperations
  private let timer: DeviceTimer

  init(_ open: OpenDevice, _ bandwidth: CopyBandwidth, rows: [Int]) throws {
    self.open = open
    self.bandwidth = bandwidth
    self.rows = rows.isEmpty ? open.scale.rows : rows
    operations = try KernelOperations(context: open.context)
    timer = DeviceTimer(context: open.context, budget: open.scale.budget)
  }

  /// All rows of one layer in one format; what fails is said, and the others go on.
  func figures(of kind: LinearKind, outputs: Int, inputs: Int) -> [Figure] {
    .attempting("linear \(kind.name) \(outputs)×\(inputs)") {
      try measured(kind, outputs: outputs, inputs: inputs)
    }
  }

  private func measured(_ kind: LinearKind, outputs: Int, inputs: Int) throws -> [Figure] {
    let cells = rows.map { LinearCell(kind: kind, outputs: outputs, inputs: inputs, rows: $0) }
    let copies = max(1, open.scale.coldByteCount / cells[0].weightByteCount + 1)
    let weights = try (0..<copies).map {
      try SyntheticWeight.make(
        kind.format, shape: [outputs, inputs], on: open.context, seed: UInt64($0))
    }
    let operands = try Operands(open.context, rows: rows.max() ?? 1, inputs, outputs)
    return cells.flatMap { cell in
      [Figure].attempting(cell.name, "of copy bandwidth", .atLeast, cell.bandwidthLimit) {
        try figures(of: cell, weights, operands)
      }
    }
  }

  private func figures(
    of cell: LinearCell, _ weights: [WeightView], _ operands: Operands
  ) throws -> [Figure] {
    let (input, output) = (operands.input(cell.rows), operands.output(cell.rows))
    let timing = try timer.time(copies: weights.count) { copy in
      try operations.linear(
        input, weight: weights[copy], bias: nil, arithmetic: cell.kind.arithmetic, into: output)
    }
    let figure = cell.figure(
      seconds: timing.seconds, copyRate: bandwidth.rate, start: timing.start)
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

  /// Activations and results of a layer, bf16, for as many rows as there may be.
  private struct Operands {
    private let activations: WeightView
    private let results: BufferView
    private let widths: (Int, Int)

    init(_ context: DeviceContext, rows: Int, _ inputs: Int, _ outputs: Int) throws {
      activations = try SyntheticWeight.make(
        .plain(.bf16), shape: [rows, inputs], on: context, seed: 99)
      results = try context.allocate(byteCount: 2 * rows * outputs).view
      widths = (inputs, outputs)
    }

    func input(_ rows: Int) -> Tensor {
      Tensor(activations.payload, .bf16, shape: [rows, widths.0])
    }

    func output(_ rows: Int) -> Tensor { Tensor(results, .bf16, shape: [rows, widths.1]) }
  }
}

extension BenchScale {
  /// The layers: [outputs, inputs].
  var layers: [[Int]] {
    self == .full ? [[4096, 4096], [11008, 4096], [8192, 28672]] : [[256, 512], [512, 256]]
  }

  /// The numbers of rows.
  fileprivate var rows: [Int] {
    self == .full ? [1, 2, 4, 8, 16, 64, 256, 1024, 2048, 4096] : [1, 8, 16, 64]
  }

  /// The copies of a weight, or of a cache, are together larger than this.
  var coldByteCount: Int { self == .full ? 200_000_000 : 200_000 }
}
