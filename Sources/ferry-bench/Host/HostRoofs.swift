import CRoofs
import FerryOperations
import Glibc

/// What the host's processor and memory can do at most, with all threads.
struct HostRoofs {
  /// Bytes a second that are read.
  let readRate: Double
  /// Bytes a second that a copy reads and writes.
  let copyRate: Double
  /// How the fastest copy stored.
  let copiedBy: String
  /// Operations a second of the loops of arithmetic that the processor has.
  let rates: [HostArithmetic: Double]

  /// Measures them; `byteCount`, a multiple of 1 MiB, is copied and read at a time.
  init(byteCount: Int, rounds: Int = 7) throws {
    let pool = ThreadPool()
    let memory = try [byteCount, byteCount].map { try HostRegion(byteCount: $0, hugePages: true) }
    for (index, region) in memory.enumerated() {
      memset(region.start, Int32(index), byteCount)
    }
    let bench = MemoryBench(pool: pool, from: memory[0], to: memory[1], rounds: rounds)
    readRate = bench.readRate
    (copyRate, copiedBy) = bench.copyRate
    rates = HostArithmetic.available.reduce(into: [:]) { rates, arithmetic in
      rates[arithmetic] = arithmetic.rate(of: pool, rounds: rounds)
    }
  }

  init(
    readRate: Double, copyRate: Double, copiedBy: String = "", rates: [HostArithmetic: Double]
  ) {
    (self.readRate, self.copyRate, self.copiedBy, self.rates) = (
      readRate, copyRate, copiedBy, rates
    )
  }

  /// The most operations a second on numbers of one kind: where the processor has no instructions for
  /// them, those of f32.
  func peak(_ numbers: HostArithmetic.Numbers) -> Double {
    let own = rates.filter { $0.key.numbers == numbers }.map(\.value).max()
    return own ?? rates.values.max() ?? 1
  }

  /// The figures themselves.
  var figures: [Figure] {
    [
      Figure("read bandwidth of the host", readRate / 1e9, "GB/s", .atLeast),
      Figure(
        "copy bandwidth of the host", copyRate / 1e9, "GB/s", .atLeast,
        note: "read and written, by \(copiedBy)"),
    ]
      + HostArithmetic.available.compactMap { arithmetic in
        rates[arithmetic].map { Figure(arithmetic.name, $0 / 1e12, "TFLOPS", .atLeast) }
      }
  }
}

/// Reading and copying, each in several ways, of which the fastest counts.
private struct MemoryBench {
  let pool: ThreadPool
  let from: HostRegion
  let to: HostRegion
  let rounds: Int

  init(pool: ThreadPool, from: HostRegion, to: HostRegion, rounds: Int) {
    (self.pool, self.from, self.to, self.rounds) = (pool, from, to, rounds)
  }

  var readRate: Double {
    let loads = (0..<Int32(FERRY_ROOF_LOADS)).map { loads in
      rate { start, count in
        if ferry_roof_read(loads, from.start + start, Int64(count)) == 1 { abort() }
      }
    }
    return loads.max() ?? 0
  }

  var copyRate: (Double, String) {
    let names = ["the C library", "streaming stores", "the processor's string copy"]
    let rates = names.indices.map { stores in
      2
        * rate { start, count in
          ferry_roof_copy(
            Int32(stores), from.start + start, to.start + start,
            Int64(count))
        }
    }
    let best = rates.indices.max { rates[$0] < rates[$1] } ?? 0
    return (rates[best], names[best])
  }

  /// Bytes a second of all threads together, each over a part of its own.
  private func rate(_ body: (_ start: Int, _ count: Int) -> Void) -> Double {
    let part = (from.bytes.count / pool.threadCount).rounded(downTo: 4096)
    let seconds = Stopwatch.best(of: rounds) {
      pool.run(pieces: pool.threadCount) { body($0 * part, part) }
    }
    return Double(part * pool.threadCount) / seconds
  }
}

extension Int {
  fileprivate func rounded(downTo multiple: Int) -> Int { self / multiple * multiple }
}
