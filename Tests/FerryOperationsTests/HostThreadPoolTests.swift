import FerryOperations
import Glibc
import Synchronization
import Testing

@Suite struct HostThreadPoolTests {
  @Test(arguments: [1, 2, 7])
  func everyPieceIsDoneOnce(threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    for pieces in [0, 1, 2, 3, 100, 1000] {
      let total = Atomic(0)
      let sum = Atomic(0)
      pool.run(pieces: pieces) { piece in
        total.add(1, ordering: .relaxed)
        sum.add(piece, ordering: .relaxed)
      }
      #expect(total.load(ordering: .relaxed) == pieces)
      #expect(sum.load(ordering: .relaxed) == pieces * (pieces - 1) / 2)
    }
  }

  @Test(arguments: [1, 2, 7])
  func aThreadMakesWhatIsItsOwnOnce(threads: Int) {
    final class Own: Sendable {
      let pieces = Atomic(0)
    }
    let pool = ThreadPool(threadCount: threads)
    for pieces in [0, 1, 3, 500] {
      let made = Mutex<[Own]>([])
      func make() -> Own {
        let own = Own()
        made.withLock { $0.append(own) }
        return own
      }
      pool.run(pieces: pieces, local: make) { $1.pieces.add(1, ordering: .relaxed) }
      let all = made.withLock { $0 }.map { $0.pieces.load(ordering: .relaxed) }
      #expect(all.count <= min(threads, pieces) && all.allSatisfy { $0 > 0 })
      #expect(all.reduce(0, +) == pieces)
    }
  }

  @Test func rangesMakeUpTheCount() {
    let pool = ThreadPool(threadCount: 3)
    for (count, grain) in [(0, 1), (1, 5), (10, 3), (1000, 1), (17, 0)] {
      let seen = Mutex([Int](repeating: 0, count: count))
      pool.run(count: count, grain: grain) { range in
        seen.withLock { for index in range { $0[index] += 1 } }
      }
      let counts = seen.withLock { $0 }
      #expect(counts == [Int](repeating: 1, count: count))
    }
  }

  @Test func aTaskWithinATaskIsDoneByItsOwnThread() {
    let pool = ThreadPool(threadCount: 2)
    let total = Atomic(0)
    pool.run(pieces: 4) { _ in
      pool.run(pieces: 5) { _ in total.add(1, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 20)
  }

  @Test func severalCallersMayShareAPool() async {
    let pool = ThreadPool(threadCount: 3)
    let totals = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let total = Atomic(0)
          for _ in 0..<200 { pool.run(pieces: 3) { _ in total.add(1, ordering: .relaxed) } }
          return total.load(ordering: .relaxed)
        }
      }
      var totals: [Int] = []
      for await total in group { totals.append(total) }
      return totals
    }
    #expect(totals == [600, 600, 600, 600])
  }

  /// Threads that sleep, spin, or are late for the task before, at once.
  @Test func tasksAfterPausesOfAnyLengthAreDoneWhole() {
    let pool = ThreadPool(threadCount: 4)
    for turn in 0..<3000 {
      let total = Atomic(0)
      pool.run(pieces: 1 + turn % 7) { piece in
        if (turn + piece) % 97 == 0 { usleep(300) }
        total.add(1, ordering: .relaxed)
      }
      #expect(total.load(ordering: .relaxed) == 1 + turn % 7)
      if turn % 101 == 0 { usleep(1000) }
    }
  }
}
