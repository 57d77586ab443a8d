import FerryDevices
import Synchronization
import Testing

@testable import FerryResidency

@Suite("Work ahead")
struct WorkAheadTests {
  private struct Refused: Error, Equatable { let number: Int }

  /// What was begun, and what was begun before it was allowed.
  private final class Log: Sendable {
    private let state = Mutex((allowed: 0, begun: Set<Int>(), early: Set<Int>()))

    func allow(upTo end: Int) { state.withLock { $0.allowed = end } }

    func begin(_ number: Int) {
      state.withLock { state in
        state.begun.insert(number)
        if number >= state.allowed { state.early.insert(number) }
      }
    }

    var begun: Set<Int> { state.withLock { $0.begun } }
    var early: Set<Int> { state.withLock { $0.early } }
  }

  @Test("is done for whoever waits, and never before it is allowed", arguments: [0, 1, 3])
  func allowed(threads: Int) throws {
    let log = Log()
    let work = WorkAhead(count: 100, threads: threads) { log.begin($0) }
    for number in 0..<100 {
      log.allow(upTo: number + 3)
      work.allow(upTo: number + 3)
      try work.wait(for: number)
      #expect(log.begun.contains(number))
    }
    work.stop()
    #expect(log.begun.count == 100 && log.early.isEmpty)
  }

  @Test("tells its first failure, after which nothing is begun", arguments: [0, 1, 3])
  func failure(threads: Int) throws {
    let log = Log()
    let work = WorkAhead(count: 1000, threads: threads) { number in
      log.begin(number)
      if number == 5 { throw Refused(number: number) }
    }
    work.allow(upTo: 1000)
    #expect(throws: Refused(number: 5)) {
      for number in 0..<1000 { try work.wait(for: number) }
    }
    work.stop()
    #expect(log.begun.isSuperset(of: 0...5))
    #expect(log.begun.count == 6 || threads > 1)
  }

  @Test("that nobody waits for ends when it is stopped", arguments: [0, 1, 3])
  func stopped(threads: Int) {
    let work = WorkAhead(count: 10, threads: threads) { _ in }
    work.stop()
  }
}
