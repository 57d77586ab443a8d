/// What a context holds of its device's memory.
struct DeviceLedger: Sendable {
  /// Bytes of allocations, and of retired memory, which is not free yet.
  var inUse = 0
  private(set) var retainedBytes = 0
  private var retired: [ReleasedMemory] = []
  private var retained: [Int: [ReleasedMemory]] = [:]
  /// Retained memory behind reserved addresses, by their handle.
  private var retainedInPlace: [DeviceHandle: ReleasedMemory] = [:]

  /// Takes retained memory of exactly this size, idle memory first, else what was released first.
  mutating func reuse(_ byteCount: Int) -> (DeviceHandle, [any DeviceEvent])? {
    guard let entries = retained[byteCount], !entries.isEmpty else { return nil }
    let index = entries.firstIndex(where: \.isIdle) ?? 0
    guard case .allocated(let handle) = entries[index].memory else { return nil }
    retained[byteCount]?.remove(at: index)
    retainedBytes -= byteCount
    inUse += byteCount
    return (handle, entries[index].events)
  }

  /// Takes the memory that is still behind these addresses, retained or not yet given back.
  mutating func reuse(_ addresses: ReservedAddresses) -> (ReleasedMemory, wasRetained: Bool)? {
    if let entry = takeRetained(addresses) {
      inUse += entry.byteCount
      return (entry, true)
    }
    guard let index = retired.firstIndex(where: { $0.memory.addresses === addresses }) else {
      return nil
    }
    return (retired.remove(at: index), false)
  }

  mutating func retain(_ entry: ReleasedMemory) {
    retainedBytes += entry.byteCount
    if let addresses = entry.memory.addresses {
      retainedInPlace[addresses.handle] = entry
    } else {
      retained[entry.byteCount, default: []].append(entry)
    }
  }

  mutating func retire(_ entries: [ReleasedMemory]) {
    retired.append(contentsOf: entries)
    inUse += entries.reduce(0) { $0 + $1.byteCount }
  }

  /// Takes what is retained behind these addresses.
  mutating func takeRetained(_ addresses: ReservedAddresses) -> ReleasedMemory? {
    guard let entry = retainedInPlace.removeValue(forKey: addresses.handle) else { return nil }
    retainedBytes -= entry.byteCount
    return entry
  }

  mutating func takeRetained() -> [ReleasedMemory] {
    defer {
      retained = [:]
      retainedInPlace = [:]
      retainedBytes = 0
    }
    return retained.values.flatMap { $0 } + retainedInPlace.values
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
