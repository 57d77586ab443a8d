/// What a device can do at most, which runs are held against.
protocol Roofs {
  /// Bytes a second of a copy, bytes read and bytes written together.
  var copyRate: Double { get }
  /// Bytes a second at which weights are read at most.
  var weightRate: Double { get }
  /// What memory does at this moment, where that changes while a benchmark runs.
  var memoryNow: MemoryRates? { get }
  /// The figure of a linear layer that took so long.
  func figure(of cell: LinearCell, _ timing: DeviceTimer.Timing) -> Figure
  /// What ``figure(of:_:)-(LinearCell,_)`` is limited by, for one that could not be measured.
  func limit(of cell: LinearCell) -> Double?
  /// The figure of an attention that took so long.
  func figure(of cell: AttentionCell, _ timing: DeviceTimer.Timing) -> Figure
  /// The least part of the copy rate at which weights are quantized and dequantized; nil: none is promised.
  func limit(of coding: CodingDirection) -> Double?
}

/// A device of which only the copy rate is known: few rows are a part of it, many are arithmetic.
extension CopyBandwidth: Roofs {
  var weightRate: Double { copyRate }
  var memoryNow: MemoryRates? { nil }

  func figure(of cell: LinearCell, _ timing: DeviceTimer.Timing) -> Figure {
    cell.figure(seconds: timing.seconds, copyRate: copyRate, start: timing.start)
  }

  func limit(of cell: LinearCell) -> Double? { cell.bandwidthLimit }

  func figure(of cell: AttentionCell, _ timing: DeviceTimer.Timing) -> Figure {
    cell.figure(seconds: timing.seconds, copyRate: copyRate, start: timing.start)
  }

  func limit(of coding: CodingDirection) -> Double? { nil }
}
