import FerryCUDA
import FerryDeviceTesting
import FerryDevices
import FerryDriverDouble
import Testing

extension OnTheDouble {
  /// Devices that address each other's memory, and what becomes of one that is lost.
  @Suite struct CUDAPeersTests {
    @Test func bytesCrossInBothDirectionsOnEitherStream() throws {
      try OnTheDouble.run {
        let backends = try DoubleDevices.backends()
        let (one, other) = (try DeviceContext(backends[0]), try DeviceContext(backends[1]))
        #expect(backends[0].copiesDirectly(with: .cuda(1)))
        #expect(backends[1].copiesDirectly(with: .cuda(0)))
        #expect(!backends[0].copiesDirectly(with: .cuda(0)))
        #expect(!backends[0].copiesDirectly(with: .cuda(2)))
        #expect(!backends[0].copiesDirectly(with: .opencl(1)))
        let bytes = TestBytes.random(5000)
        let here = try TestBytes.upload(bytes, to: one)
        for stream in [one.upload, other.download] {
          let there = try other.allocate(byteCount: 5000)
          try stream.copy(here.view, to: there.view)
          try stream.synchronize()
          #expect(try TestBytes.read(there.view, in: other) == bytes)
          let back = try one.allocate(byteCount: 5000)
          try stream.copy(there.view, to: back.view)
          try stream.synchronize()
          #expect(try TestBytes.read(back.view, in: one) == bytes)
        }
      }
    }

    /// Mapped memory is opened to peers range by range: what is there at the time, and what comes.
    @Test func mappedMemoryIsOpenedToPeers() throws {
      try OnTheDouble.run {
        let backends = try DoubleDevices.backends()
        let reservations = try #require(backends[0].reservations)
        let size = reservations.granularity
        let handles = try (0..<2).map { _ in try reservations.reserve(byteCount: size) }
        try reservations.commit(handles[0], byteCount: size)
        #expect(DriverDouble.calls(of: .memSetAccess) == 1)
        #expect(backends[0].copiesDirectly(with: .cuda(1)))
        #expect(DriverDouble.calls(of: .memSetAccess) == 2)
        try reservations.commit(handles[1], byteCount: size)
        #expect(DriverDouble.calls(of: .memSetAccess) == 3)
        for handle in handles {
          reservations.decommit(handle, byteCount: size)
          reservations.release(handle, byteCount: size)
        }
      }
    }

    @Test func devicesThatCannotReachEachOtherSaySo() throws {
      var device = DoubleConfiguration()
      device.reachesPeers = false
      try OnTheDouble.run(DoubleMachine([device, device])) {
        let backends = try DoubleDevices.backends()
        let (one, other) = (try DeviceContext(backends[0]), try DeviceContext(backends[1]))
        #expect(!backends[0].copiesDirectly(with: .cuda(1)))
        let (here, there) = (try one.allocate(byteCount: 8), try other.allocate(byteCount: 8))
        let error = #expect(throws: DeviceError.self) {
          try one.compute.copy(here.view, to: there.view)
        }
        #expect(error?.code == .wrongDevice)
      }
    }

    @Test func everyLaterCallOfALostDeviceFailsAtOnceWithTheSameError() throws {
      try OnTheDouble.run {
        let context = try DeviceContext(DoubleDevices.first())
        let memory = try context.allocate(byteCount: 4096)
        let event = try context.upload.record()
        DriverDouble.change { $0.failWork(on: 0, at: 1, with: 719) }
        let calls: [() throws -> Void] = [
          {
            try context.compute.fill(memory.view, with: 1)
            try context.compute.synchronize()
          },
          { try context.compute.fill(memory.view, with: 2) },
          { _ = try context.compute.record() },
          { try context.compute.wait(for: event) },
          { try context.upload.synchronize() },
          { try event.wait() },
          { _ = try context.backend.allocate(byteCount: 1) },
          { _ = try context.backend.memory() },
          { _ = try context.backend.makeStream() },
          { _ = try #require(context.backend.reservations).reserve(byteCount: 2 << 20) },
          { try #require(context.compute.recording).beginRecording() },
        ]
        for (index, call) in calls.enumerated() {
          let error = #expect(throws: DeviceError.self, "call \(index)") { try call() }
          #expect(error?.code == .deviceLost, "call \(index)")
          #expect(error?.cause == "CUDA_ERROR_LAUNCH_FAILED", "call \(index)")
        }
        #expect(event.hasPassed)
      }
    }
  }
}
