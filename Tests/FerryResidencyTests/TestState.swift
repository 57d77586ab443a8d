import FerryDevices
import FerryTensors
import Synchronization

/// A state that follows weights: some device bytes with known contents.
final class TestState: AttachedState {
  struct Refused: Error {}

  private struct Value {
    var memory: Memory?
    var isDropped = false
    var refuses = false
  }

  private struct Memory {
    let context: DeviceContext
    let view: BufferView
  }

  private let value = Mutex(Value())
  let byteCount: Int
  /// How many of the bytes are in use and have to be copied.
  let filled: Int

  init(_ context: DeviceContext, byteCount: Int, filled: Int? = nil) throws {
    self.byteCount = byteCount
    self.filled = filled ?? byteCount
    let memory = try context.allocate(byteCount: byteCount)
    try context.upload.fill(memory.view, with: 0xa5)
    try context.upload.synchronize()
    value.withLock { $0.memory = Memory(context: context, view: memory.view) }
  }

  var isPinned: Bool { value.withLock { $0.memory?.view.isPinned ?? false } }
  var context: DeviceContext? { value.withLock { $0.memory?.context } }
  var isDropped: Bool { value.withLock { $0.isDropped } }
  var refuses: Bool {
    get { value.withLock { $0.refuses } }
    set { value.withLock { $0.refuses = newValue } }
  }

  func copy(over bridge: DeviceBridge) throws -> StateCopy {
    if refuses { throw Refused() }
    guard let memory = value.withLock({ $0.memory }) else { return StateCopy(byteCount: 0) {} }
    precondition(memory.context === bridge.source, "the state is where the weights are")
    let view =
      try bridge.hostMemory(byteCounts: [byteCount])?.first?.view
      ?? bridge.target.allocate(byteCount: byteCount).view
    try bridge.copy(memory.view[0, count: filled], to: view[0, count: filled])
    let copy = Memory(context: bridge.target, view: view)
    return StateCopy(byteCount: filled) { [self] in value.withLock { $0.memory = copy } }
  }

  func drop() {
    value.withLock {
      $0.memory = nil
      $0.isDropped = true
    }
  }

  func restorer() -> StateRestorer {
    let memory = value.withLock { $0.memory }
    return { [self] _ in value.withLock { $0.memory = memory } }
  }

  func isIntact() throws -> Bool {
    guard let memory = value.withLock({ $0.memory }) else { return false }
    var bytes = [UInt8](repeating: 0, count: filled)
    try bytes.withUnsafeMutableBytes {
      try memory.context.download.download(memory.view[0, count: filled], to: $0)
    }
    try memory.context.download.synchronize()
    return bytes.allSatisfy { $0 == 0xa5 }
  }
}
