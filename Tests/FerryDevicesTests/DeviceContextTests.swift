import FerryDeviceTesting
import FerryDevices
import Testing

/// What the context adds to a backend, seen through one that can be told to misbehave.
@Suite struct DeviceContextTests {
  private let backend = FaultInjectingBackend(HostBackend(), freesInOrder: false)

  @Test func keepsReleasedMemoryUntilItsStreamsHavePassed() throws {
    let context = try DeviceContext(backend)
    backend.holdsEvents = true
    _ = try context.allocate(byteCount: 1000)
    #expect(context.bytesInUse == 1000)
    #expect(backend.liveBytes == 1000)
    _ = try context.allocate(byteCount: 500)
    #expect(context.bytesInUse == 1500)
    backend.holdsEvents = false
    try context.drain()
    #expect(context.bytesInUse == 0)
    #expect(backend.liveBytes == 0)
  }

  @Test func givesIdleMemoryBackWithoutBeingAsked() throws {
    let context = try DeviceContext(backend)
    _ = try context.allocate(byteCount: 1000)
    #expect(backend.liveBytes == 0)
    #expect(context.bytesInUse == 0)
  }

  @Test func waitsForTheLastUseOfRetainedMemory() throws {
    let context = try DeviceContext(backend)
    backend.holdsEvents = true
    try context.allocate(byteCount: 64).retains = true
    let release = Task.detached { [backend] in
      try await Task.sleep(for: .milliseconds(50))
      backend.holdsEvents = false
    }
    let again = try context.allocate(byteCount: 64)
    #expect(!backend.holdsEvents, "memory was handed out while it was still in use")
    #expect(again.byteCount == 64 && again.isReused)
    #expect(backend.count(of: .allocation) == 1)
    release.cancel()
  }

  @Test func trimsAndDrainsBeforeItGivesUp() throws {
    let backend = FaultInjectingBackend(HostBackend(), memoryLimit: 1000, freesInOrder: false)
    let context = try DeviceContext(backend)
    try context.allocate(byteCount: 900).retains = true
    #expect(context.bytesRetained == 900)
    let other = try context.allocate(byteCount: 901)
    #expect(!other.isReused)
    #expect(context.bytesRetained == 0)
    #expect(context.bytesInUse == 901)
    let error = #expect(throws: DeviceError.self) { try context.allocate(byteCount: 100) }
    #expect(error?.code == .outOfMemory)
    #expect(context.bytesInUse == other.byteCount)
  }

  @Test(arguments: [true, false])
  func accountsNothingForAFailedAllocation(_ repeatedly: Bool) throws {
    let context = try DeviceContext(backend)
    let broken = DeviceError(.deviceLost, "gone")
    backend.fail(.allocation, number: 2, repeatedly: repeatedly, with: broken)
    let first = try context.allocate(byteCount: 10)
    let error = #expect(throws: DeviceError.self) { try context.allocate(byteCount: 20) }
    #expect(error?.code == .deviceLost)
    #expect(context.bytesInUse == first.byteCount)
    backend.clearFaults()
    #expect(throws: Never.self) { try context.allocate(byteCount: 20) }
  }

  @Test func refusesWhatTheDeviceNeverAllows() throws {
    let backend = FaultInjectingBackend(HostBackend(), maximumAllocation: 100)
    let context = try DeviceContext(backend)
    let error = #expect(throws: DeviceError.self) { try context.allocate(byteCount: 101) }
    #expect(error?.code == .allocationTooLarge)
    #expect(backend.count(of: .allocation) == 0)
  }

  @Test func freesEverythingWhenItEnds() throws {
    do {
      let context = try DeviceContext(backend)
      try context.allocate(byteCount: 10).retains = true
      backend.holdsEvents = true
      _ = try context.allocate(byteCount: 20)
      backend.holdsEvents = false
    }
    #expect(backend.liveBytes == 0)
    #expect(backend.misuses == [])
  }

  @Test func anAllocationKeepsItsContext() throws {
    var allocation: Allocation? = try DeviceContext(backend).allocate(byteCount: 10)
    #expect(allocation?.context.bytesInUse == 10)
    allocation = nil
    #expect(backend.liveBytes == 0)
  }

  @Test func accountsExactlyUnderConcurrentUse() async throws {
    let context = try DeviceContext(backend)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for round in 0..<100 {
            let allocation = try context.allocate(byteCount: 64 << (round % 3))
            allocation.retains = (round + task) % 2 == 0
            if round % 25 == task { context.trim() }
            if round % 25 == task + 1 { try context.drain() }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(context.bytesInUse == 0)
    #expect(backend.liveBytes == context.bytesRetained)
    context.trim()
    #expect(backend.liveBytes == 0)
    #expect(backend.misuses == [])
  }
}
