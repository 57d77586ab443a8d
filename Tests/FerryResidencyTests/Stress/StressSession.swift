import FerryDevices
import FerryTensors
import Synchronization

/// A text in progress, in miniature: rows beside the weights, of which each follows from the row before it and from the
/// bytes of a segment, as both lie on the device.
///
/// What undisturbed steps make of the same file is known without a device, so that a row that was lost, or went elsewhere on
/// its way to the host and back, shows in all that come after it.
final class StressSession: AttachedState {
  private let value = Mutex(Value())
  private let model: TestModel
  private let checksums: [UInt64]
  private let seed: UInt64

  private struct Value {
    var text = Text()
    var isStepping = false
  }

  private struct Text {
    var position = 0
    var cache: Cache?
  }

  private struct Cache {
    let context: DeviceContext
    let memory: BufferView
    var capacity: Int { memory.byteCount / rowByteCount }

    func rows(_ range: Range<Int>) -> BufferView {
      memory[range.lowerBound * rowByteCount, count: range.count * rowByteCount]
    }
  }

  private static let rowByteCount = 48
  /// A text is begun anew behind so many rows.
  private static let limit = 16
  /// What a session takes at most of a device: while a cache grows the old rows are there too, and what is given back
  /// counts until the device has passed it.
  static let byteLimit = 3 * limit * rowByteCount

  init(_ model: TestModel, seed: UInt64) {
    (self.model, checksums, self.seed) = (model, model.checksums, seed)
  }

  /// Appends a row; how many of those before and of the segment it follows from are not what they must be. Nil while another
  /// step runs.
  func advance(over weights: any WeightAccess) async throws -> Int? {
    let isMine = value.withLock { value in
      defer { value.isStepping = true }
      return !value.isStepping
    }
    guard isMine else { return nil }
    defer { value.withLock { $0.isStepping = false } }
    return try await weights.withStep { [self] step in try run(step) }
  }

  private func run(_ step: any WeightStep) throws -> Int {
    try step.recall(self)
    var text = value.withLock { $0.text }
    if text.position == Self.limit { text = Text() }
    let segment = text.position % checksums.count
    let resident = try step.acquire(segment: segment)
    let cache = try roomy(text, on: step.context)
    let isSame = try StressPool.isSame(resident, model, segment) { try step.context.bytes(of: $0) }
    let rows = try text.position == 0 ? [] : step.context.bytes(of: cache.rows(0..<text.position))
    let row = Self.row(after: rows.suffix(Self.rowByteCount), isSame ? checksums[segment] : 0, seed)
    try step.context.put(row, cache.rows(text.position..<text.position + 1))
    let position = text.position
    value.withLock { $0.text = Text(position: position + 1, cache: cache) }
    return (rows == undisturbed(position) ? 0 : 1) + (isSame ? 0 : 1)
  }

  /// Room for one row more.
  private func roomy(_ text: Text, on context: DeviceContext) throws -> Cache {
    if let cache = text.cache {
      guard cache.context === context else {
        throw DeviceError(.wrongDevice, "the rows are on \(cache.context.device)")
      }
      if cache.capacity > text.position { return cache }
    }
    let bytes = max(2, 2 * text.position) * Self.rowByteCount
    let cache = Cache(context: context, memory: try context.allocate(byteCount: bytes).view)
    if let old = text.cache {
      let rows = 0..<text.position
      try context.compute.copy(old.rows(rows), to: cache.rows(rows))
      try context.compute.synchronize()
    }
    return cache
  }

  /// The rows that steps leave which nothing disturbs.
  private func undisturbed(_ count: Int) -> [UInt8] {
    var rows: [UInt8] = []
    for position in 0..<count {
      let checksum = checksums[position % checksums.count]
      rows += Self.row(after: rows.suffix(Self.rowByteCount), checksum, seed)
    }
    return rows
  }

  private static func row(
    after last: ArraySlice<UInt8>, _ checksum: UInt64, _ seed: UInt64
  ) -> [UInt8] {
    var sum = Checksum()
    Array(last).withUnsafeBytes { sum.append($0) }
    var random = SplitMix(state: sum.value ^ checksum ^ seed)
    return (0..<rowByteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }
}

// MARK: - Moving

extension StressSession {
  func copy(over bridge: DeviceBridge) throws -> StateCopy {
    let text = value.withLock { $0.text }
    guard let cache = text.cache, cache.context === bridge.source else {
      return StateCopy(byteCount: 0) {}
    }
    let size = cache.memory.byteCount
    let memory =
      try bridge.hostMemory(byteCounts: [size])?.first?.view
      ?? bridge.target.allocate(byteCount: size).view
    let copy = Cache(context: bridge.target, memory: memory)
    let rows = 0..<text.position
    try bridge.copy(cache.rows(rows), to: copy.rows(rows))
    return StateCopy(byteCount: cache.rows(rows).byteCount) { [self] in
      value.withLock { $0.text.cache = copy }
    }
  }

  func drop() { value.withLock { $0.text = Text() } }

  func restorer() -> StateRestorer {
    let text = value.withLock { $0.text }
    return { [weak self] _ in self?.value.withLock { $0.text = text } }
  }
}

extension DeviceContext {
  /// Uploads bytes before what computes from now on.
  fileprivate func put(_ bytes: [UInt8], _ view: BufferView) throws {
    try bytes.withUnsafeBytes {
      do {
        try compute.upload($0, to: view)
      } catch {
        try? compute.synchronize()
        throw error
      }
      try compute.synchronize()
    }
  }
}
