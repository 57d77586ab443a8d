import FerryDevices

/// How fast host memory is made ready for copies: touched, and registered with the driver.
struct PinningBench {
  let open: OpenDevice

  init(_ open: OpenDevice) { self.open = open }

  func figures() async throws -> [Figure] {
    var runs: [Run] = []
    for threads in threadCounts {
      for hugePages in [false, true] {
        runs.append(try await Run(open, threads: threads, hugePages: hugePages))
      }
    }
    return runs.flatMap(\.figures) + [best(of: runs)]
  }

  /// 1, 4, 8, 16, … up to the machine's.
  private var threadCounts: [Int] {
    let cores = Machine.current.cores
    return Array(Set([1, 4, 8, 16, 32, cores].filter { $0 <= cores && $0 <= 64 })).sorted()
  }

  private func best(of runs: [Run]) -> Figure {
    let name = "pinning, at its best"
    guard open.backend.pinning != nil else {
      let reason = "the driver of \(open.context.device) registers no host memory"
      return Figure(name, unmeasured: reason, "GB/s", .atLeast, 10)
    }
    let best = runs.max { $0.rate < $1.rate }
    return Figure(
      name, best?.rate ?? 0, "GB/s", .atLeast, 10, note: best.map { "with \($0.memory)" })
  }

  /// One region made ready.
  private struct Run {
    let memory: String
    let byteCount: Int
    let touching: Double
    /// Nil where the driver registers nothing.
    let registering: Double?

    init(_ open: OpenDevice, threads: Int, hugePages: Bool) async throws {
      memory = "\(threads) thread\(threads == 1 ? "" : "s")\(hugePages ? ", huge pages" : "")"
      byteCount = open.scale.pinningByteCount
      let region = try HostRegion(byteCount: byteCount, hugePages: hugePages)
      touching = try await Stopwatch.seconds { try await region.populate(threads: threads) }
      registering = try open.backend.pinning.map { pinning in
        try Stopwatch.seconds { try region.register(with: pinning) }
      }
    }

    /// Bytes a second of both steps together, in 10⁹.
    var rate: Double { Double(byteCount) / (touching + (registering ?? 0)) / 1e9 }

    var figures: [Figure] {
      let size = Double(byteCount) / 1e9
      let touched = Figure(
        "touching pages, \(memory)", size / touching, "GB/s", .atLeast, seconds: touching)
      guard let registering else { return [touched] }
      return [
        touched,
        Figure(
          "registering pages, \(memory)", size / registering, "GB/s", .atLeast,
          seconds: registering),
      ]
    }
  }
}
