import CDrivers

// MARK: - Plain memory

extension DriverState {
  func allocate(_ byteCount: Int) throws(DriverFailure) -> DeviceAddress {
    let context = try soundContext()
    guard byteCount > 0 else { throw .invalidValue }
    let device = devices[context.ordinal]
    let account = PlainAllocation.accounted(byteCount)
    try device.take(account)
    do throws(DriverFailure) {
      return try memory.allocate(byteCount, on: context.ordinal)
    } catch {
      device.giveBack(account)
      throw error
    }
  }

  /// Waits for what is queued on the device, as the driver does.
  func free(_ address: DeviceAddress) throws(DriverFailure) {
    let context = try currentContext()
    for stream in streams.values where stream.context === context { try? finish(stream) }
    let allocation = try memory.free(address)
    devices[allocation.device].giveBack(PlainAllocation.accounted(allocation.range.count))
    try context.check()
  }

  func memoryInfo() throws(DriverFailure) -> (free: Int, total: Int) {
    let device = devices[try soundContext().ordinal]
    return (device.free, device.configuration.memory)
  }
}

// MARK: - Mapped memory

extension DriverState {
  private func require(_ condition: Bool) throws(DriverFailure) {
    if !condition { throw .invalidValue }
  }

  private func isWhole(_ byteCount: Int) -> Bool {
    byteCount > 0 && byteCount % DoubleMemory.granularity == 0
  }

  /// The device that properties name.
  func mappingDevice(
    _ properties: UnsafePointer<ferry_cuda_allocation_properties>?
  ) throws(DriverFailure) -> DoubleDevice {
    guard let properties = properties?.pointee else { throw .invalidValue }
    try require(properties.type == 1 && properties.location.type == 1)
    let device = try device(properties.location.id)
    guard device.configuration.mapsMemory else { throw DriverFailure(801) }
    return device
  }

  func reserve(_ byteCount: Int, alignment: Int) throws(DriverFailure) -> DeviceAddress {
    guard isInitialized else { throw .notInitialized }
    try require(isWhole(byteCount) && alignment & (alignment - 1) == 0)
    let step = max(alignment, DoubleMemory.granularity)
    guard let start = BackingPages.reserve(byteCount, alignment: step) else { throw .outOfMemory }
    let range = DeviceRange(DeviceAddress(host: start), count: byteCount)
    memory.reservations[range.start] = DoubleReservation(range: range)
    return range.start
  }

  func release(_ range: DeviceRange) throws(DriverFailure) {
    guard let reservation = memory.reservations[range.start], let host = range.start.host else {
      throw .invalidValue
    }
    try require(reservation.range == range)
    guard reservation.mappings.isEmpty else {
      note("addresses were freed with memory behind them")
      throw .invalidValue
    }
    memory.reservations[range.start] = nil
    BackingPages.release(host, range.count)
  }

  func create(
    _ byteCount: Int, _ properties: UnsafePointer<ferry_cuda_allocation_properties>?
  ) throws(DriverFailure) -> UInt64 {
    let device = try mappingDevice(properties)
    try device.context?.check()
    try require(isWhole(byteCount))
    try device.take(byteCount)
    guard let file = BackingPages.makeFile(byteCount) else {
      device.giveBack(byteCount)
      throw .outOfMemory
    }
    let handle = UInt64(DoubleToken().rawValue)
    memory.physical[handle] = PhysicalMemory(
      device: device.ordinal, byteCount: byteCount, file: file)
    return handle
  }

  /// Gives up the handle; the memory stays while it is mapped.
  func release(_ handle: UInt64) throws(DriverFailure) {
    guard let physical = memory.physical.removeValue(forKey: handle) else { throw .invalidValue }
    physical.isReleased = true
    giveBackIfUnused(physical)
  }

  private func giveBackIfUnused(_ physical: PhysicalMemory) {
    guard physical.isReleased, physical.mappingCount == 0 else { return }
    devices[physical.device].giveBack(physical.byteCount)
  }

  func map(
    _ range: DeviceRange, _ handle: UInt64, offset: Int
  ) throws(DriverFailure) {
    guard let physical = memory.physical[handle], let host = range.start.host else {
      throw .invalidValue
    }
    try require(offset == 0 && isWhole(range.count) && range.count == physical.byteCount)
    guard let key = memory.reservations.first(where: { $0.value.range.contains(range) })?.key,
      let reservation = memory.reservations[key]
    else { throw .invalidValue }
    try require(!reservation.mappings.contains { $0.range.overlaps(range) })
    guard BackingPages.map(physical.file, at: host, range.count) else { throw .outOfMemory }
    DoubleMemory.poison(host, range.count)
    physical.mappingCount += 1
    memory.reservations[key]?.mappings.append(MappedMemory(range: range, memory: physical))
  }

  func unmap(_ range: DeviceRange) throws(DriverFailure) {
    guard let key = memory.reservations.first(where: { $0.value.range.contains(range) })?.key,
      let found = memory.reservations[key]?.mappings(making: range), let host = range.start.host
    else { throw .invalidValue }
    noteUses(of: range)
    memory.reservations[key]?.mappings.removeAll { range.contains($0.range) }
    BackingPages.unmap(host, range.count)
    for mapping in found {
      mapping.memory.mappingCount -= 1
      giveBackIfUnused(mapping.memory)
    }
  }

  /// The driver unmaps without looking: whoever still uses the memory faults later.
  private func noteUses(of range: DeviceRange) {
    let users = streams.values.flatMap(\.queue).filter { $0.uses(range) }
    for work in users { note("memory was unmapped that a queued \(work.name) uses") }
  }

  func setAccess(_ range: DeviceRange, _ accesses: [ferry_cuda_access]) throws(DriverFailure) {
    guard let key = memory.reservations.first(where: { $0.value.range.contains(range) })?.key,
      let found = memory.reservations[key]?.mappings(making: range)
    else { throw .invalidValue }
    for access in accesses {
      try require(access.location.type == 1)
      let user = try device(access.location.id)
      for mapping in found where mapping.memory.device != user.ordinal {
        try require(user.reaches(devices[mapping.memory.device]))
      }
      memory.reservations[key]?.grant(access.flags == 3, to: user.ordinal, range)
    }
  }
}

extension DoubleReservation {
  /// Lets a device use what is mapped in a range, or no longer.
  fileprivate mutating func grant(_ isGranted: Bool, to device: Int, _ range: DeviceRange) {
    for index in mappings.indices where range.contains(mappings[index].range) {
      if isGranted { mappings[index].users.insert(device) } else { mappings[index].users = [] }
    }
  }
}
