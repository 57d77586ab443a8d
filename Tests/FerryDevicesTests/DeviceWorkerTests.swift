import FerryDeviceTesting
import Glibc
import Synchronization
import Testing

@testable import FerryDevices

@Suite struct DeviceWorkerTests {
  private struct Failure: Error, Equatable { let number: Int }

  @Test func returnsWhatTheWorkReturns() async throws {
    #expect(try await DeviceWorker().run { 6 * 7 } == 42)
  }

  @Test func throwsWhatTheWorkThrowsAndGoesOn() async throws {
    let worker = DeviceWorker()
    await #expect(throws: Failure(number: 3)) { try await worker.run { throw Failure(number: 3) } }
    #expect(try await worker.run { true })
  }

  @Test func runsOnOneThreadThatIsNotTheCallers() async throws {
    let worker = DeviceWorker()
    let first = try await worker.run { UInt(pthread_self()) }
    for _ in 0..<10 {
      #expect(try await worker.run { UInt(pthread_self()) } == first)
    }
    #expect(UInt(pthread_self()) != first)
  }

  @Test func runsOneAtATime() async throws {
    let worker = DeviceWorker()
    let counters = Counters()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await worker.run {
            counters.enter()
            usleep(100)
            counters.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(counters.most == 1)
  }

  @Test func withoutAThreadDoesItsWorkOnThoseOfItsCallersOneAtATime() async throws {
    let worker = DeviceWorker(startingThread: false)
    #expect(try await worker.run { 6 * 7 } == 42)
    await #expect(throws: Failure(number: 3)) { try await worker.run { throw Failure(number: 3) } }
    let counters = Counters()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await worker.run {
            counters.enter()
            usleep(100)
            counters.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(counters.most == 1)
  }

  @Test func keepsTheOrderOfOneCaller() async throws {
    let worker = DeviceWorker()
    let seen = Log()
    for number in 0..<100 { try await worker.run { seen.append(number) } }
    #expect(seen.numbers == Array(0..<100))
  }

  @Test func releasesWhatTheWorkHeldBeforeItReturns() async throws {
    let backend = FaultInjectingBackend(HostBackend())
    let context = try DeviceContext(backend)
    for _ in 0..<50 {
      try await Self.useOnce(context)
      #expect(backend.liveBytes == 0)
    }
  }

  /// A thread that is slow to let go of a result shows in every other turn.
  @Test func holdsNoResultThatItReturned() async throws {
    let worker = DeviceWorker()
    var kept = 0
    for number in 0..<20_000 {
      var result = try await worker.run { Result { [number] } }
      if !isKnownUniquelyReferenced(&result) { kept += 1 }
    }
    #expect(kept == 0)
  }

  private final class Result: Sendable {
    let numbers: [Int]
    init(_ numbers: () -> [Int]) { self.numbers = numbers() }
  }

  private static func useOnce(_ context: DeviceContext) async throws {
    let box = Box(try context.allocate(byteCount: 100))
    try await context.worker.run {
      guard let allocation = box.take() else { throw Failure(number: 0) }
      try context.compute.fill(allocation.view, with: 1)
    }
  }

  @Test func anAllocationMayEndOnTheWorker() async throws {
    let backend = FaultInjectingBackend(HostBackend(), freesInOrder: false)
    let context = try DeviceContext(backend)
    for _ in 0..<20 {
      try await context.worker.run { _ = try context.allocate(byteCount: 100) }
    }
    #expect(context.bytesInUse == 0)
  }

  @Test func theContextMayEndOnItsOwnWorker() async throws {
    let backend = FaultInjectingBackend(HostBackend(), freesInOrder: false)
    let box = Box(try DeviceContext(backend))
    let worker = try #require(box.peek()).worker
    try await worker.run { _ = box.take() }
    #expect(try await worker.run { backend.liveBytes } == 0)
  }

  @Test func endsItsThreadWhenItIsReleased() async throws {
    let ended = Flag()
    do {
      let worker = DeviceWorker()
      try await worker.run { ended.raiseAtThreadEnd() }
    }
    for _ in 0..<2000 where !ended.isRaised { try await Task.sleep(for: .milliseconds(5)) }
    #expect(ended.isRaised)
  }
}

private final class Counters: Sendable {
  private let state = Mutex((now: 0, most: 0))
  var most: Int { state.withLock { $0.most } }
  func enter() {
    state.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }
  func leave() { state.withLock { $0.now -= 1 } }
}

private final class Log: Sendable {
  private let state = Mutex<[Int]>([])
  var numbers: [Int] { state.withLock { $0 } }
  func append(_ number: Int) { state.withLock { $0.append(number) } }
}

/// A value that can be taken out once.
private final class Box<Value: Sendable>: Sendable {
  private let value: Mutex<Value?>
  init(_ value: Value) { self.value = Mutex(value) }
  func take() -> Value? { value.withLock { $0.take() } }
  func peek() -> Value? { value.withLock { $0 } }
}

/// Raised when a thread ends: the system calls the destructor of thread-specific data then.
private final class Flag: Sendable {
  private let state = Atomic(false)
  var isRaised: Bool { state.load(ordering: .acquiring) }

  func raiseAtThreadEnd() {
    var key = pthread_key_t()
    pthread_key_create(&key) { flag in
      guard let flag else { return }
      Unmanaged<Flag>.fromOpaque(flag).takeRetainedValue().state.store(true, ordering: .releasing)
    }
    pthread_setspecific(key, Unmanaged.passRetained(self).toOpaque())
  }
}
