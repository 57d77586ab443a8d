import CDrivers
import Glibc

extension DriverState {
  /// The host pages behind device memory that a device uses now; a fault where it may not.
  func bytes(
    _ range: DeviceRange, for context: DoubleContext, _ what: String
  ) throws(DriverFailure) -> UnsafeMutableRawBufferPointer {
    guard range.count > 0 else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    guard memory.isUsable(range, by: context.ordinal, peers: context.peers),
      let host = range.start.host
    else {
      note("\(what) touched \(range.count) bytes that device \(context.ordinal) may not use")
      throw .illegalAddress
    }
    return UnsafeMutableRawBufferPointer(start: host, count: range.count)
  }

  /// What a driver sees at once of an address that is none.
  private func require(_ range: DeviceRange, for context: DoubleContext) throws(DriverFailure) {
    guard memory.isUsable(range, by: context.ordinal, peers: context.peers) else {
      note("a copy was queued of memory that device \(context.ordinal) may not use")
      throw .invalidValue
    }
  }

  /// The bytes on the device and the time that a copy takes beside the copying.
  private func delay(_ context: DoubleContext) {
    let seconds = devices[context.ordinal].copyDelay
    if seconds > 0 { usleep(UInt32(seconds * 1e6)) }
  }
}

// MARK: - Host to device

extension DriverState {
  /// Pageable bytes are read at once, registered ones when the copy runs.
  func upload(
    _ source: UnsafeRawPointer?, to target: DeviceRange, on stream: DoubleStream
  ) throws(DriverFailure) {
    guard target.count > 0 else { return }
    guard let source else { throw .invalidValue }
    try require(target, for: stream.context)
    let isPinned = try registrations.isPinned(UInt(bitPattern: source), target.count)
    let context = stream.context
    let staged =
      isPinned || stream.capture != nil
      ? nil : Array(UnsafeRawBufferPointer(start: source, count: target.count))
    let work = DoubleWork("upload", ranges: [target]) { state throws(DriverFailure) in
      state.delay(context)
      let bytes = try state.bytes(target, for: context, "an upload")
      if let staged { return bytes.copyBytes(from: staged) }
      if isPinned { try state.requirePinned(source, target.count, context) }
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: source, count: target.count))
    }
    try enqueue(work, on: stream)
  }

  /// A copy to pageable memory returns when it is done, one to registered memory at once.
  func download(
    _ source: DeviceRange, to target: UnsafeMutableRawPointer?, on stream: DoubleStream
  ) throws(DriverFailure) {
    guard source.count > 0 else { return }
    guard let target else { throw .invalidValue }
    try require(source, for: stream.context)
    let isPinned = try registrations.isPinned(UInt(bitPattern: target), source.count)
    let context = stream.context
    let work = DoubleWork("download", ranges: [source]) { state throws(DriverFailure) in
      state.delay(context)
      let bytes = try state.bytes(source, for: context, "a download")
      if isPinned { try state.requirePinned(target, source.count, context) }
      UnsafeMutableRawBufferPointer(start: target, count: source.count)
        .copyMemory(from: UnsafeRawBufferPointer(bytes))
    }
    try enqueue(work, on: stream)
    if !isPinned && stream.capture == nil { try finish(stream) }
  }

  /// A queued copy of memory that is registered no longer reads what nobody holds in place.
  private func requirePinned(
    _ start: UnsafeRawPointer, _ byteCount: Int, _ context: DoubleContext
  ) throws(DriverFailure) {
    let isPinned = (try? registrations.isPinned(UInt(bitPattern: start), byteCount)) ?? false
    guard isPinned else {
      note("a queued copy's host memory was unregistered before it ran")
      throw .illegalAddress
    }
  }

  func unregister(_ start: UnsafeMutableRawPointer?) throws(DriverFailure) {
    let context = try currentContext()
    let found = try registrations.unregister(UInt(bitPattern: start))
    if !found.isMapped { note("registered memory was given to the system before its registration") }
    try context.check()
  }
}

// MARK: - Device to device

extension DriverState {
  func copy(
    _ source: DeviceRange, to target: DeviceRange, on stream: DoubleStream
  ) throws(DriverFailure) {
    guard source.count > 0 else { return }
    try require(source, for: stream.context)
    try require(target, for: stream.context)
    try enqueue(copying(source, stream.context, to: target, stream.context), on: stream)
  }

  func copyPeer(
    _ source: DeviceRange, of giver: DoubleContext, to target: DeviceRange,
    of taker: DoubleContext, on stream: DoubleStream
  ) throws(DriverFailure) {
    guard source.count > 0 else { return }
    try require(source, for: giver)
    try require(target, for: taker)
    try enqueue(copying(source, giver, to: target, taker), on: stream)
  }

  private func copying(
    _ source: DeviceRange, _ giver: DoubleContext, to target: DeviceRange, _ taker: DoubleContext
  ) -> DoubleWork {
    DoubleWork("copy", ranges: [source, target]) { state throws(DriverFailure) in
      state.delay(taker)
      let from = try state.bytes(source, for: giver, "a copy")
      let to = try state.bytes(target, for: taker, "a copy")
      if source.overlaps(target) { state.note("a copy's ranges overlap") }
      to.copyMemory(from: UnsafeRawBufferPointer(from))
    }
  }

  func fill(
    _ target: DeviceRange, with byte: UInt8, on stream: DoubleStream
  ) throws(DriverFailure) {
    guard target.count > 0 else { return }
    try require(target, for: stream.context)
    let context = stream.context
    let work = DoubleWork("fill", ranges: [target]) { state throws(DriverFailure) in
      let bytes = try state.bytes(target, for: context, "a fill")
      if let start = bytes.baseAddress { memset(start, Int32(byte), bytes.count) }
    }
    try enqueue(work, on: stream)
  }
}
