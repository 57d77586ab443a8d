import CDrivers

/// A simulated device.
final class DoubleDevice {
  let configuration: DoubleConfiguration
  let ordinal: Int
  var memoryOfOthers: Int
  var copyDelay: Double
  /// What this process holds of its memory, in bytes.
  private(set) var used = 0
  /// The primary context, while it is retained.
  var context: DoubleContext?

  init(_ configuration: DoubleConfiguration, ordinal: Int) {
    self.configuration = configuration
    self.ordinal = ordinal
    memoryOfOthers = configuration.memoryOfOthers
    copyDelay = configuration.copyDelay
  }

  /// What nobody uses, in bytes.
  var free: Int { max(0, configuration.memory - memoryOfOthers - used) }

  func take(_ byteCount: Int) throws(DriverFailure) {
    guard byteCount <= free else { throw .outOfMemory }
    used += byteCount
  }

  func giveBack(_ byteCount: Int) { used -= byteCount }

  func reaches(_ other: DoubleDevice) -> Bool {
    self !== other && configuration.reachesPeers && other.configuration.reachesPeers
  }
}

/// A device's primary context.
final class DoubleContext {
  let token = DoubleToken()
  let ordinal: Int
  var retainCount = 0
  /// The contexts' devices whose memory kernels here may touch.
  var peers: Set<Int> = []
  /// What broke the context, for good.
  var failure: CUresult?

  init(ordinal: Int) { self.ordinal = ordinal }

  /// Throws what broke the context.
  func check() throws(DriverFailure) {
    if let failure { throw DriverFailure(failure) }
  }
}

// MARK: - Primary contexts

extension DriverState {
  func retainPrimary(of ordinal: Int32) throws(DriverFailure) -> DoubleContext {
    let device = try device(ordinal)
    if device.context == nil {
      try device.take(device.configuration.contextMemory)
      device.context = DoubleContext(ordinal: device.ordinal)
    }
    guard let context = device.context else { throw .invalidContext }
    context.retainCount += 1
    return context
  }

  func releasePrimary(of ordinal: Int32) throws(DriverFailure) {
    let device = try device(ordinal)
    guard let context = device.context else { throw .invalidContext }
    context.retainCount -= 1
    guard context.retainCount == 0 else { return }
    end(context)
    device.context = nil
    device.giveBack(device.configuration.contextMemory)
  }

  /// The last reference went: what lives in the context goes, which its owners should have seen to.
  private func end(_ context: DoubleContext) {
    let ended = streams.values.filter { $0.context === context }
    for stream in ended { try? finish(stream) }
    let left =
      ended.count + events.values.count { $0.context === context }
      + modules.values.count { $0.context === context }
    if left > 0 { note("a context of device \(context.ordinal) ended with \(left) things in it") }
    streams = streams.filter { $0.value.context !== context }
    events = events.filter { $0.value.context !== context }
    modules = modules.filter { $0.value.context !== context }
  }
}
