import FerryDevices
import FerryFormats
import FerryTensors

/// Activations and results of a layer, for as many rows as there may be.
struct LinearOperands {
  private let activations: Tensor
  private let results: BufferView
  private let outputs: Int

  /// Operands of cells that differ in their rows alone.
  init(_ context: DeviceContext, _ cells: [LinearCell]) throws {
    let rows = cells.map(\.rows).max() ?? 1
    let cell = cells[0]
    activations = try SyntheticWeight.tensor(
      cell.elementType, shape: [rows, cell.inputs], on: context, seed: 99)
    results = try context.allocate(byteCount: cell.elementType.byteCount * rows * cell.outputs).view
    outputs = cell.outputs
    if cell.kind == .llmInt8Outliers { try addOutliers(context, rows) }
  }

  /// The first rows of the activations.
  func input(_ rows: Int) -> Tensor {
    Tensor(activations.view, activations.elementType, shape: [rows, activations.shape[1]])
  }

  /// Room for the results of so many rows.
  func output(_ rows: Int) -> Tensor {
    Tensor(results, activations.elementType, shape: [rows, outputs])
  }

  /// Four columns of the activations become 20, far above any threshold.
  private func addOutliers(_ context: DeviceContext, _ rows: Int) throws {
    let (type, width) = (activations.elementType, activations.shape[1])
    let outlier = Float(20)
    let bytes =
      type == .f32
      ? withUnsafeBytes(of: outlier.bitPattern) { Array($0) }
      : withUnsafeBytes(of: BFloat16(outlier).bitPattern) { Array($0) }
    for index in stride(from: 0, to: rows * width, by: width / 4) {
      let place = activations.view[index * type.byteCount, count: type.byteCount]
      try bytes.withUnsafeBytes { try context.compute.upload($0, to: place) }
      try context.compute.synchronize()
    }
  }
}
