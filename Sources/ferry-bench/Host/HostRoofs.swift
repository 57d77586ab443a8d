import FerryOperations

/// What the host's processor and memory can do at most, with all threads.
struct HostRoofs {
  /// Bytes a second of memory, when the run began.
  let memory: MemoryRates
  /// How the fastest copy stored.
  let copiedBy: String
  /// Operations a second of the loops of arithmetic that the processor has.
  let rates: [HostArithmetic: Double]
  private let bench: MemoryBench?

  /// Measures them; `byteCount`, a multiple of 1 MiB, is copied, read and written at a time.
  init(byteCount: Int, rounds: Int = 7) throws {
    let pool = ThreadPool()
    let bench = try MemoryBench(pool: pool, byteCount: byteCount, rounds: rounds)
    (memory, copiedBy) = (bench.rates, bench.copiedBy)
    self.bench = bench
    rates = HostArithmetic.available.reduce(into: [:]) { rates, arithmetic in
      rates[arithmetic] = arithmetic.rate(of: pool, rounds: rounds)
    }
  }

  init(memory: MemoryRates, copiedBy: String = "", rates: [HostArithmetic: Double]) {
    (self.memory, self.copiedBy, self.rates, bench) = (memory, copiedBy, rates, nil)
  }

  /// What memory does at this moment: a machine's neighbours take their part of it.
  var memoryNow: MemoryRates? { bench?.rates ?? memory }

  /// The most operations a second on numbers of one kind: where the processor has no instructions for
  /// them, those of f32.
  func peak(_ numbers: HostArithmetic.Numbers) -> Double {
    let own = rates.filter { $0.key.numbers == numbers }.map(\.value).max()
    return own ?? rates.values.max() ?? 1
  }

  /// The figures themselves.
  var figures: [Figure] {
    [
      Figure("read bandwidth of the host", memory.readRate / 1e9, "GB/s", .atLeast),
      Figure("fill bandwidth of the host", memory.fillRate / 1e9, "GB/s", .atLeast),
      Figure(
        "copy bandwidth of the host", memory.copyRate / 1e9, "GB/s", .atLeast,
        note: "read and written, by \(copiedBy)"),
    ]
      + HostArithmetic.available.compactMap { arithmetic in
        rates[arithmetic].map { Figure(arithmetic.name, $0 / 1e12, "TFLOPS", .atLeast) }
      }
  }
}
