/// Memory that its owner let go of, and the points after which no stream uses it any more.
struct ReleasedMemory: Sendable {
  let handle: DeviceHandle
  let byteCount: Int
  let events: [any DeviceEvent]

  var isIdle: Bool { events.allSatisfy(\.hasPassed) }
}

/// What a context holds of its device's memory.
struct DeviceLedger: Sendable {
  /// Bytes of allocations, and of retired memory, which is not free yet.
  var inUse = 0
  private(set) var retainedBytes = 0
  private var retired: [ReleasedMemory] = []
  private var retained: [Int: [ReleasedMemory]] = [:]

  /// Takes retained memory of exactly this size, idle memory first, else what was released first.
  mutating func reuse(_ byteCount: Int) -> ReleasedMemory? {
    guard let entries = retained[byteCount], !entries.isEmpty else { return nil }
    let index = entries.firstIndex(where: \.isIdle) ?? 0
    let entry = retained[byteCount]?.remove(at: index)
    retainedBytes -= byteCount
    inUse += byteCount
    return entry
  }

  mutating func retain(_ entry: ReleasedMemory) {
    retained[entry.byteCount, default: []].append(entry)
    retainedBytes += entry.byteCount
  }

  mutating func retire(_ entries: [ReleasedMemory]) {
    retired.append(contentsOf: entries)
    inUse += entries.reduce(0) { $0 + $1.byteCount }
  }

  mutating func takeRetained() -> [ReleasedMemory] {
    defer {
      retained = [:]
      retainedBytes = 0
    }
    return retained.values.flatMap { $0 }
  }

  /// Removes the retired memory that is idle; it counts as in use until the driver has it.
  mutating func takePassed() -> [ReleasedMemory] {
    guard !retired.isEmpty else { return [] }
    var idle: [ReleasedMemory] = []
    var busy: [ReleasedMemory] = []
    for entry in retired {
      if entry.isIdle { idle.append(entry) } else { busy.append(entry) }
    }
    retired = busy
    return idle
  }

  /// Everything, when the context ends.
  mutating func takeAll() -> [ReleasedMemory] {
    defer { retired = [] }
    return takeRetained() + retired
  }
}
