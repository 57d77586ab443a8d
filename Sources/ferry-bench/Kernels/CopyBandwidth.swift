import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// How fast a device copies within its own memory, bytes read and bytes written together: the roof of
/// whatever is bound by memory.
struct CopyBandwidth {
  /// Bytes a second.
  let copyRate: Double
  /// What copied fastest.
  let by: String

  /// The better of the driver's own copy and of a kernel that does nothing else.
  init(_ open: OpenDevice) throws {
    let maximum = open.backend.limits.maximumAllocation / 4096 * 4096
    let byteCount = min(open.scale.copyByteCount, maximum)
    let source = try open.context.allocate(byteCount: byteCount).view
    let target = try open.context.allocate(byteCount: byteCount).view
    try open.context.compute.fill(source, with: 1)
    let timer = DeviceTimer(context: open.context, budget: open.scale.budget)
    let copy = try timer.time(copies: 1) { _ in
      try open.context.compute.copy(source, to: target)
    }
    let operations = try open.makeOperations()
    let rows = [source, target].map { Tensor($0, .bf16, shape: [byteCount / 4096, 2048]) }
    let kernel = try timer.time(copies: 1) { _ in
      try operations.store(rows[0], intoRowsOf: rows[1], at: 0)
    }
    copyRate = 2 * Double(byteCount) / min(copy.seconds, kernel.seconds)
    by = copy.seconds <= kernel.seconds ? "the driver's copy" : "a kernel that copies rows"
  }

  /// The figure itself.
  var figure: Figure {
    Figure(
      "copy bandwidth of the device", copyRate / 1e9, "GB/s", .atLeast,
      note: "read and written, by \(by)")
  }
}
