import FerryDevices
import FerryFormats
import Synchronization

/// Device memory that an operation needs from its first launch to its last.
///
/// All operations share one allocation, since the compute stream runs them one after the other. It
/// grows to what was asked for, and goes when it is released or with its owner.
final class ScratchMemory: Sendable {
  private static let alignment = 256
  private let context: DeviceContext
  private let state = Mutex(State())

  private struct State {
    var memory: Allocation?
    /// Where the memory is, or was before it was given back; nil on devices without such addresses.
    var addresses: AddressReservation?
  }

  init(_ context: DeviceContext) { self.context = context }

  /// All of it; nil where there is none now.
  var current: BufferView? { state.withLock { $0.memory?.view } }

  /// Gives it back, and keeps the addresses.
  func release() { state.withLock { $0.memory = nil } }

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
    try state.withLock { (state: inout State) throws(DeviceError) in
      if let memory = state.memory, memory.byteCount >= byteCount { return memory.view }
      state.memory = nil
      if (state.addresses?.byteCount ?? 0) < byteCount {
        state.addresses = try context.reserve(byteCount: byteCount)
      }
      let memory = try allocate(byteCount, in: state.addresses)
      state.memory = memory
      return memory.view
    }
  }

  private func allocate(
    _ byteCount: Int, in addresses: AddressReservation?
  ) throws(DeviceError) -> Allocation {
    guard let addresses else { return try context.allocate(byteCount: byteCount) }
    return try context.allocate(in: addresses)
  }
}
