import FerryDevices
import FerryFormats
import Synchronization

/// Device memory that an operation needs from its first launch to its last.
///
/// All operations share one allocation, since the compute stream runs them one after the other. It
/// grows to what was asked for, and goes with its owner.
final class ScratchMemory: Sendable {
  private static let alignment = 256
  private let context: DeviceContext
  private let memory = Mutex<Allocation?>(nil)

  init(_ context: DeviceContext) { self.context = context }

  /// Views of these sizes in bytes, apart from each other, valid until the next call.
  func views(_ sizes: [Int]) throws(DeviceError) -> [BufferView] {
    var starts: [Int] = []
    var end = 0
    for size in sizes {
      starts.append(end)
      end += max(size, 1).blocks(of: Self.alignment) * Self.alignment
    }
    let whole = try atLeast(end)
    return zip(starts, sizes).map { whole[$0, count: $1] }
  }

  private func atLeast(_ byteCount: Int) throws(DeviceError) -> BufferView {
    try memory.withLock { (memory: inout Allocation?) throws(DeviceError) in
      if let memory, memory.byteCount >= byteCount { return memory.view }
      memory = nil
      let larger = try context.allocate(byteCount: byteCount)
      memory = larger
      return larger.view
    }
  }
}
