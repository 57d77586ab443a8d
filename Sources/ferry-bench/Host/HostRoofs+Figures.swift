import FerryFormats

/// Runs on the host as parts of their roof: what memory or arithmetic, whichever is slower, would take.
extension HostRoofs: Roofs {
  var copyRate: Double { memory.copyRate }

  var weightRate: Double { memory.readRate }

  func figure(of cell: LinearCell, _ timing: DeviceTimer.Timing) -> Figure {
    figure(
      cell.name, timing.seconds, reading: cell.byteCount, operations: cell.operationCount,
      of: cell.numbers)
  }

  func limit(of cell: LinearCell) -> Double? { nil }

  func figure(of cell: AttentionCell, _ timing: DeviceTimer.Timing) -> Figure {
    figure(
      cell.name, timing.seconds, reading: cell.byteCount, operations: cell.operationCount,
      of: cell.elementType.numbers)
  }

  func limit(of coding: CodingDirection) -> Double? { coding == .quantize ? 0.5 : 0.8 }

  /// The figure of a run that reads so many bytes and does so many operations.
  func figure(
    _ name: String, _ seconds: Double, reading byteCount: Int, operations: Double,
    of numbers: HostArithmetic.Numbers
  ) -> Figure {
    let reading = Double(byteCount) / memory.readRate
    let computing = operations / peak(numbers)
    let note =
      reading >= computing
      ? "\((Double(byteCount) / seconds / 1e9).short) GB/s, read"
      : "\((operations / seconds / 1e12).short) TFLOPS, \(numbers)"
    return Figure(
      name, max(reading, computing) / seconds, "of its roof", .atLeast, seconds: seconds, note: note
    )
  }

  /// The figure of a run that touches every byte once, reading and writing.
  func figure(_ name: String, _ seconds: Double, moving byteCount: Int) -> Figure {
    let rate = Double(byteCount) / seconds
    return Figure(
      name, rate / copyRate, "of copy bandwidth", .atLeast, seconds: seconds,
      note: "\((rate / 1e9).short) GB/s")
  }
}

extension LinearCell {
  /// What the layer's arithmetic multiplies at best: bf16 where activations are, 8-bit numbers where they
  /// are quantized.
  fileprivate var numbers: HostArithmetic.Numbers {
    kind.isLLMInt8 ? .int8 : elementType.numbers
  }
}

extension ElementType {
  fileprivate var numbers: HostArithmetic.Numbers { self == .bf16 ? .bf16 : .f32 }
}
