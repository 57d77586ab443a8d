import FerryDeviceTesting
import FerryDevices
import Foundation
import Testing

/// Stable addresses, as a context hands them out.
@Suite struct AddressReservationTests {
  private let backend = FaultInjectingBackend(HostBackend(), reservations: TestReservations())
  private let step = TestReservations().granularity

  private func expectNothingLeft() {
    #expect(backend.liveBytes == 0)
    #expect(backend.liveReservations == 0)
    #expect(backend.misuses == [])
  }

  @Test func areAbsentWhereTheDriverHasNone() throws {
    let context = try DeviceContext(HostBackend())
    #expect(try context.reserve(byteCount: 1) == nil)
  }

  @Test func keepTheirAddressFromOneAllocationToTheNext() throws {
    do {
      let context = try DeviceContext(backend)
      let reservation = try #require(try context.reserve(byteCount: step + 1))
      #expect(reservation.byteCount == 2 * step)
      #expect(context.bytesHeld == 0 && backend.liveReservations == 1)
      for round in 1...3 {
        let allocation = try context.allocate(in: reservation)
        #expect(allocation.handle == reservation.handle && !allocation.isReused)
        #expect(context.bytesInUse == 2 * step && backend.liveBytes == 2 * step)
        try TestBytes.write([1, 2, 3], to: allocation.view[5, count: 3], in: context)
        #expect(backend.count(of: .commitment) == round)
      }
      #expect(context.bytesHeld == 0 && backend.liveBytes == 0)
    }
    expectNothingLeft()
  }

  @Test func giveMemoryBackOnlyWhenTheStreamsHavePassed() throws {
    let context = try DeviceContext(backend)
    let reservation = try #require(try context.reserve(byteCount: step))
    backend.holdsEvents = true
    _ = try context.allocate(in: reservation)
    #expect(context.bytesInUse == step && backend.liveBytes == step)
    backend.holdsEvents = false
    try context.drain()
    #expect(context.bytesInUse == 0 && backend.liveBytes == 0)
  }

  @Test func handOutMemoryThatIsStillThereWithoutAskingTheDriver() throws {
    let context = try DeviceContext(backend)
    let reservation = try #require(try context.reserve(byteCount: step))
    backend.holdsEvents = true
    _ = try context.allocate(in: reservation)
    // A thread of its own: this test blocks one of the few that tasks run on.
    Thread.detachNewThread { [backend] in
      usleep(50_000)
      backend.holdsEvents = false
    }
    let again = try context.allocate(in: reservation)
    #expect(!backend.holdsEvents, "memory was handed out while it was still in use")
    #expect(!again.isReused && backend.count(of: .commitment) == 1)
    #expect(context.bytesInUse == step)
  }

  @Test func keepRetainedMemoryForThemselves() throws {
    do {
      let context = try DeviceContext(backend)
      let reservation = try #require(try context.reserve(byteCount: step))
      try context.allocate(in: reservation).retains = true
      #expect(context.bytesInUse == 0 && context.bytesRetained == step)
      let other = try #require(try context.reserve(byteCount: step))
      #expect(try !context.allocate(in: other).isReused)
      #expect(try !context.allocate(byteCount: step).isReused)
      #expect(context.bytesRetained == step)
      let again = try context.allocate(in: reservation)
      #expect(again.isReused && context.bytesRetained == 0 && context.bytesInUse == step)
      again.retains = true
    }
    expectNothingLeft()
  }

  @Test func giveUpWhatIsRetainedWhenTheyGo() throws {
    let context = try DeviceContext(backend)
    var reservation = try context.reserve(byteCount: step)
    try context.allocate(in: try #require(reservation)).retains = true
    #expect(backend.liveBytes == step)
    reservation = nil
    #expect(context.bytesHeld == 0)
    expectNothingLeft()
  }

  @Test func outliveMemoryThatIsStillInUse() throws {
    let context = try DeviceContext(backend)
    backend.holdsEvents = true
    do {
      let reservation = try #require(try context.reserve(byteCount: step))
      _ = try context.allocate(in: reservation)
    }
    #expect(backend.liveReservations == 1 && backend.liveBytes == step)
    backend.holdsEvents = false
    try context.drain()
    expectNothingLeft()
  }

  @Test func areTrimmed() throws {
    let context = try DeviceContext(backend)
    let reservation = try #require(try context.reserve(byteCount: step))
    try context.allocate(in: reservation).retains = true
    context.trim()
    #expect(context.bytesHeld == 0 && backend.liveBytes == 0 && backend.liveReservations == 1)
    #expect(try !context.allocate(in: reservation).isReused)
  }

  @Test func areTrimmedBeforeAnotherIsRefused() throws {
    let backend = FaultInjectingBackend(
      HostBackend(), memoryLimit: step, reservations: TestReservations())
    let context = try DeviceContext(backend)
    let reservations = try (0..<2).map { _ in
      try #require(try context.reserve(byteCount: step))
    }
    try context.allocate(in: reservations[0]).retains = true
    let other = try context.allocate(in: reservations[1])
    #expect(context.bytesRetained == 0 && context.bytesInUse == step)
    let error = #expect(throws: DeviceError.self) { try context.allocate(in: reservations[0]) }
    #expect(error?.code == .outOfMemory)
    #expect(context.bytesInUse == other.byteCount)
  }

  @Test func accountExactlyUnderConcurrentUse() async throws {
    let context = try DeviceContext(backend)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { [step] in
          let reservation = try #require(try context.reserve(byteCount: step))
          for round in 0..<100 {
            let allocation = try context.allocate(in: reservation)
            try context.upload.fill(allocation.view, with: UInt8(task))
            allocation.retains = (round + task) % 2 == 0
            if round % 25 == task { context.trim() }
            if round % 25 == task + 1 { try context.drain() }
          }
        }
      }
      try await group.waitForAll()
    }
    context.trim()
    #expect(context.bytesHeld == 0)
    expectNothingLeft()
  }
}
