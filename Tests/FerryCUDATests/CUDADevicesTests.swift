import FerryCUDA
import FerryDevices
import FerryDriverDouble
import Testing

extension OnTheDouble {
  /// What the backend makes of a driver.
  @Suite struct CUDADevicesTests {
    @Test func devicesAreFoundWithoutMakingAContext() throws {
      var second = DoubleConfiguration(memory: 512 << 20)
      (second.name, second.capability) = ("Another", (8, 0))
      try OnTheDouble.run(DoubleMachine([DoubleConfiguration(), second])) {
        let backends = try DoubleDevices.backends()
        #expect(backends.map(\.device) == [.cuda(0), .cuda(1)])
        #expect(backends.map(\.name) == ["Driver Double", "Another"])
        #expect(backends.map(\.facts.architecture) == ["sm_90", "sm_80"])
        #expect(backends.allSatisfy { $0.limits.lockstepWidth == 32 && !$0.limits.compilesSource })
        #expect(backends.allSatisfy { $0.pinning != nil && $0.reservations != nil })
        #expect(DriverDouble.census.contexts == 0)
        let memory = try backends[1].memory()
        #expect(memory == DeviceMemory(total: 512 << 20, free: 480 << 20))
        withExtendedLifetime(backends) { #expect(DriverDouble.census.contexts == 1) }
      }
    }

    @Test(arguments: [100, 802, 803, 804, 999]) func aDriverThatDoesNotStartIsAReason(_ code: Int32)
    {
      var machine = DoubleMachine()
      machine.initialization = code
      OnTheDouble.run(machine) {
        guard case .absent(let reason) = DoubleDevices.discover() else {
          Issue.record("devices of a driver that did not start")
          return
        }
        #expect(!reason.isEmpty)
      }
    }

    @Test func anOldDriverIsAReason() {
      var machine = DoubleMachine()
      machine.version = 12030
      OnTheDouble.run(machine) {
        guard case .absent(let reason) = DoubleDevices.discover() else {
          Issue.record("devices of an old driver")
          return
        }
        #expect(reason.contains("12.3") && reason.contains("12.4"))
      }
    }

    @Test func noDevicesAreAReason() {
      OnTheDouble.run(DoubleMachine([])) {
        guard case .absent = DoubleDevices.discover() else {
          Issue.record("devices of an empty machine")
          return
        }
      }
    }

    @Test func anOldDeviceIsSkippedWithAReason() {
      var old = DoubleConfiguration()
      old.capability = (6, 1)
      OnTheDouble.run(DoubleMachine([old, DoubleConfiguration()])) {
        guard case .present(let backends, let skipped) = DoubleDevices.discover() else {
          Issue.record("no device at all")
          return
        }
        #expect(backends.map(\.device) == [.cuda(1)])
        #expect(skipped.count == 1)
      }
    }

    @Test func memoryIsPlainWhereTheDriverMapsNone() throws {
      var plain = DoubleConfiguration()
      plain.mapsMemory = false
      try OnTheDouble.run(DoubleMachine([plain])) {
        let backend = try DoubleDevices.first()
        #expect(backend.reservations == nil)
        let context = try DeviceContext(backend)
        #expect(try context.allocate(byteCount: 1000).byteCount == 1000)
        try context.drain()
      }
    }
  }
}
