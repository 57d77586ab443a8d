import CRoofs
import FerryOperations
import Glibc

/// Reading, writing and copying of the host's memory, each in several ways, of which the fastest counts.
final class MemoryBench: Sendable {
  private let pool: ThreadPool
  private let from: HostRegion
  private let to: HostRegion
  private let rounds: Int

  /// `byteCount`, a multiple of 1 MiB, is passed at a time. It is noise, because memory that is all zeros
  /// can be faster than any model's.
  init(pool: ThreadPool, byteCount: Int, rounds: Int) throws {
    (self.pool, self.rounds) = (pool, rounds)
    from = try HostRegion(byteCount: byteCount, hugePages: true)
    to = try HostRegion(byteCount: byteCount, hugePages: true)
    for (index, region) in [from, to].enumerated() {
      Noise.fill(region.bytes, seed: UInt64(index))
    }
  }

  /// Measures all of them.
  var rates: MemoryRates {
    MemoryRates(
      readRate: readRates.max() ?? 0, fillRate: fillRates.max() ?? 0,
      copyRate: copyRates.max() ?? 0)
  }

  /// Which way of copying is the fastest.
  var copiedBy: String {
    let names = ["the C library", "streaming stores", "the processor's string copy"]
    let rates = copyRates
    return names.indices.max { rates[$0] < rates[$1] }.map { names[$0] } ?? ""
  }

  private var readRates: [Double] {
    (0..<Int32(FERRY_ROOF_LOADS)).map { loads in
      rate { start, count in
        if ferry_roof_read(loads, from.start + start, Int64(count)) == 1 { abort() }
      }
    }
  }

  private var fillRates: [Double] {
    (0..<Int32(FERRY_ROOF_STORES)).map { stores in
      rate { start, count in ferry_roof_fill(stores, to.start + start, Int64(count)) }
    }
  }

  private var copyRates: [Double] {
    (0..<Int32(FERRY_ROOF_STORES)).map { stores in
      2
        * rate { start, count in
          ferry_roof_copy(stores, from.start + start, to.start + start, Int64(count))
        }
    }
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
