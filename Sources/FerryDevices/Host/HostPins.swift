import Synchronization

/// The host memory that is registered with drivers, each piece once for all devices of a driver, under
/// one budget.
package final class HostPins: Sendable {
  /// What may be registered.
  package let budget: PinnedBudget
  private let known = Mutex<[Key: Known]>([:])

  private struct Key: Hashable {
    let memory: DeviceHandle
    let driver: Device.Backend
  }

  private struct Known: Sendable {
    weak var pin: PinnedHostMemory?
  }

  /// Nothing registered yet.
  package init(budget: PinnedBudget = PinnedBudget()) { self.budget = budget }

  /// Registers allocations of the host for the driver of `context`, several at a time; those that are
  /// registered already stay so. On failure none is registered more than before.
  package func pin(_ allocations: [Allocation], for context: DeviceContext) throws(DeviceError)
    -> [PinnedHostMemory]
  {
    guard let pinning = context.backend.pinning else {
      throw DeviceError(
        .unavailable, "\(context.device) copies from any memory alike: there is nothing to register"
      )
    }
    let results = Mutex(
      [Result<PinnedHostMemory, DeviceError>?](
        repeating: nil, count: allocations.count))
    HostThreads.perform(allocations.count, threads: Self.threadLimit) { number in
      let key = Key(memory: allocations[number].handle, driver: context.device.backend)
      let result = Result { () throws(DeviceError) in
        try pin(allocations[number], key, with: pinning)
      }
      results.withLock { $0[number] = result }
    }
    var pins: [PinnedHostMemory] = []
    for result in results.withLock({ $0 }) {
      if let result { pins.append(try result.get()) }
    }
    return pins
  }

  /// Drivers register in few threads as fast as in many.
  private static let threadLimit = 4

  private func pin(
    _ allocation: Allocation, _ key: Key, with pinning: any HostPinning
  ) throws(DeviceError) -> PinnedHostMemory {
    if let pin = known.withLock({ $0[key]?.pin }), pin.allocation === allocation { return pin }
    let pin = try PinnedHostMemory(allocation, with: pinning, budget: budget)
    known.withLock { known in
      known = known.filter { $0.value.pin != nil }
      known[key] = Known(pin: pin)
    }
    return pin
  }
}
