/// A simulated device.
package struct DoubleConfiguration: Sendable {
  /// The name of the hardware.
  package var name = "Driver Double"
  /// Its memory in bytes.
  package var memory = 1 << 30
  /// What other processes hold of it, in bytes.
  package var memoryOfOthers = 0
  /// What the primary context itself takes, in bytes.
  package var contextMemory = 32 << 20
  /// The compute capability.
  package var capability: (major: Int32, minor: Int32) = (9, 0)
  /// Whether the driver maps memory to reserved addresses.
  package var mapsMemory = true
  /// Whether it reads and writes the memory of other devices that do so too.
  package var reachesPeers = true
  /// How long each copy takes beside the copying, in seconds.
  package var copyDelay = 0.0

  /// A device as they come.
  package init() {}

  /// A device with so much memory, in bytes.
  package init(memory: Int) { self.memory = memory }
}

/// A simulated machine.
package struct DoubleMachine: Sendable {
  /// The devices, in order.
  package var devices: [DoubleConfiguration]
  /// How much host memory may be registered, in bytes: what a memlock limit leaves.
  package var registrable = Int.max
  /// What `cuDriverGetVersion` says.
  package var version: Int32 = 12040
  /// What `cuInit` returns.
  package var initialization: Int32 = 0

  /// A machine with these devices.
  package init(_ devices: [DoubleConfiguration] = [.init(), .init()]) { self.devices = devices }
}
