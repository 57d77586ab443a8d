import FerryDevices

/// A call of a backend that can be made to fail.
public enum DeviceCall: String, Hashable, Sendable, CaseIterable {
  /// Memory from the driver; retained memory that is reused is none.
  case allocation
  /// Host to device.
  case upload
  /// Device to host.
  case download
  /// Within the device.
  case copy
  /// Setting bytes.
  case fill
  /// A checksum.
  case checksum
  /// A kernel.
  case launch
  /// Addresses without memory.
  case reservation
  /// Memory behind reserved addresses.
  case commitment
  /// Host memory made known to the driver.
  case registration
}

/// What a ``FaultInjectingBackend`` is to do wrong, and what it has seen.
struct DeviceFaults: Sendable {
  private struct Fault: Sendable {
    let call: DeviceCall
    var passes: Int
    let repeats: Bool
    let error: DeviceError
  }

  private struct Flip: Sendable {
    var passes: Int
    let offset: Int
  }

  private(set) var counts: [DeviceCall: Int] = [:]
  private(set) var live: [DeviceHandle: Int] = [:]
  private(set) var misuses: [String] = []
  private(set) var addresses = DeviceFaultAddresses()
  private(set) var registrations = DeviceFaultRegistrations()
  /// Bytes that travelled between the device and registered host memory.
  private(set) var pinnedBytes = 0
  var copyDelay: Duration = .zero
  var uploadWatch: (@Sendable (_ byteCount: Int) -> Void)?
  var delays: [DeviceCall: Duration] = [:]
  var holdsEvents = false
  private var faults: [Fault] = []
  private var flips: [Flip] = []

  mutating func add(_ call: DeviceCall, passes: Int, repeats: Bool, _ error: DeviceError) {
    faults.append(Fault(call: call, passes: passes, repeats: repeats, error: error))
  }

  mutating func addFlip(passes: Int, offset: Int) {
    flips.append(Flip(passes: passes, offset: offset))
  }

  mutating func clear() { (faults, flips) = ([], []) }

  /// Counts the call; returns the error it is to fail with.
  mutating func enter(_ call: DeviceCall) -> DeviceError? {
    counts[call, default: 0] += 1
    var error: DeviceError?
    for index in faults.indices.reversed() where faults[index].call == call {
      if faults[index].passes > 0 {
        faults[index].passes -= 1
      } else {
        error = faults[index].error
        if !faults[index].repeats { faults.remove(at: index) }
      }
    }
    return error
  }

  /// The byte of this upload that is to be damaged.
  mutating func flip() -> Int? {
    var offset: Int?
    for index in flips.indices.reversed() {
      if flips[index].passes > 0 {
        flips[index].passes -= 1
      } else {
        offset = flips.remove(at: index).offset
      }
    }
    return offset
  }

  mutating func allocated(_ handle: DeviceHandle, _ byteCount: Int) {
    if live.updateValue(byteCount, forKey: handle) != nil {
      misuses.append("\(handle) was handed out twice")
    }
  }

  /// Whether the release may go on to the driver.
  mutating func freed(_ handle: DeviceHandle, _ byteCount: Int) -> Bool {
    guard let size = live.removeValue(forKey: handle) else {
      misuses.append("\(handle) was freed twice")
      return false
    }
    if size != byteCount { misuses.append("\(handle) of \(size) was freed as \(byteCount) bytes") }
    return true
  }
}

// MARK: - Addresses and registrations

extension DeviceFaults {
  mutating func reserved(_ handle: DeviceHandle, _ byteCount: Int, step: Int) {
    _ = passes(addresses.reserve(handle, byteCount, step: step))
  }

  /// Whether the call may go on to the driver, as all that follow.
  mutating func committed(_ handle: DeviceHandle, _ byteCount: Int) -> Bool {
    passes(addresses.commit(handle, byteCount))
  }

  mutating func decommitted(_ handle: DeviceHandle, _ byteCount: Int) -> Bool {
    passes(addresses.decommit(handle, byteCount))
  }

  mutating func released(_ handle: DeviceHandle, _ byteCount: Int) -> Bool {
    passes(addresses.release(handle, byteCount))
  }

  mutating func registered(_ memory: UnsafeMutableRawBufferPointer) {
    _ = passes(registrations.register(memory))
  }

  mutating func unregistered(_ memory: UnsafeMutableRawBufferPointer) -> Bool {
    passes(registrations.unregister(memory))
  }

  /// Notes a copy from or to host memory.
  mutating func copied(_ bytes: UnsafeRawBufferPointer) {
    if registrations.isCutBy(bytes) { misuses.append("a copy lies across registrations") }
    if registrations.holds(bytes) { pinnedBytes += bytes.count }
  }

  private mutating func passes(_ misuse: String?) -> Bool {
    if let misuse { misuses.append(misuse) }
    return misuse == nil
  }
}
