import FerryFormats

/// One linear layer at one number of rows: a cell of the table of linear layers.
struct LinearCell {
  let kind: LinearKind
  /// Rows of the weight.
  let outputs: Int
  /// Columns of the weight.
  let inputs: Int
  /// Rows of the activations (M).
  let rows: Int
  /// The type of activations and results.
  var elementType = ElementType.bf16

  /// Up to so many rows a layer is bound by the memory's bandwidth.
  static let mostVectors = 8

  /// What the cell is called in figures, by Ferry and by the peers' script.
  var name: String {
    let type = elementType == .bf16 || kind == .f32 ? "" : " \(elementType)"
    return "linear \(kind.name) \(outputs)×\(inputs)\(type), M = \(rows)"
  }

  /// Bytes of the weight with its statistics.
  var weightByteCount: Int {
    kind.format.parts(shape: [outputs, inputs]).reduce(0) { $0 + $1.byteCount }
  }

  /// Bytes that a run has to read and write at least: weight, activations, results.
  var byteCount: Int { weightByteCount + elementType.byteCount * rows * (inputs + outputs) }

  /// Floating-point operations of a run.
  var operationCount: Double { 2 * Double(rows) * Double(outputs) * Double(inputs) }

  /// The figure of a run that took `seconds`: a part of the copy bandwidth, `copyRate` bytes a second, for few rows,
  /// arithmetic for many.
  func figure(seconds: Double, copyRate: Double, start: DeviceTimer.Start) -> Figure {
    let note = start.rawValue
    guard rows <= Self.mostVectors else {
      return Figure(
        name, operationCount / seconds / 1e12, "TFLOPS", .atLeast, seconds: seconds, note: note)
    }
    let rate = Double(byteCount) / seconds
    return Figure(
      name, rate / copyRate, "of copy bandwidth", .atLeast, bandwidthLimit, seconds: seconds,
      note: "\((rate / 1e9).short) GB/s, \(note)")
  }

  /// The least part of the copy bandwidth: by the layer's size in NF4, which the targets name as 33 and
  /// 100 MB; nil for layers that are not quantized, and for trial sizes.
  var bandwidthLimit: Double? {
    guard !kind.isPlain, rows <= Self.mostVectors else { return nil }
    switch outputs * inputs {
    case 200_000_000...: return 0.85
    case 40_000_000...: return 0.7
    case 16_000_000...: return 0.45
    default: return nil
    }
  }
}
