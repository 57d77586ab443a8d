import FerryDevices

/// Times work of a device's compute stream: a turn over some runs of the same work on different
/// memory, recorded into a graph where the driver records, and many turns for one wait.
///
/// The time of a run is that of the whole divided by the number of runs; it contains whatever the device
/// idles between two of them.
struct DeviceTimer {
  let context: DeviceContext
  /// How long the turns of one timing may take together, in seconds.
  let budget: Double

  /// How runs were started.
  enum Start: String {
    case graph = "from a graph"
    case launches = "launch by launch"
  }

  /// The time of one run in seconds, and how it was started.
  struct Timing {
    let seconds: Double
    let start: Start
  }

  /// At least so many runs make a graph, so that its own launch weighs little.
  private static let shortestGraph = 64
  private static let rounds = 5

  /// Times `run`, whose argument counts from 0 to below `copies` and chooses the memory.
  func time(copies: Int, _ run: (Int) throws -> Void) throws -> Timing {
    for copy in 0..<copies { try run(copy) }
    try context.compute.synchronize()
    let turns = (Self.shortestGraph + copies - 1) / copies
    if let graph = try recorded({ for turn in 0..<turns * copies { try run(turn % copies) } }) {
      let seconds = try time(runs: turns * copies) { try graph() }
      return Timing(seconds: seconds, start: .graph)
    }
    let seconds = try time(runs: copies) { for copy in 0..<copies { try run(copy) } }
    return Timing(seconds: seconds, start: .launches)
  }

  /// The median time of one of the `runs` of a turn.
  private func time(runs: Int, _ turn: () throws -> Void) throws -> Double {
    let once = try seconds(turns: 1, turn)
    guard once < budget else { return once / Double(runs) }
    let turns = max(1, Int(budget / Double(Self.rounds) / max(once, 1e-7)))
    let times = try (0..<Self.rounds).map { _ in try seconds(turns: turns, turn) }
    return times.median / Double(turns * runs)
  }

  private func seconds(turns: Int, _ turn: () throws -> Void) throws -> Double {
    try Stopwatch.seconds {
      for _ in 0..<turns { try turn() }
      try context.compute.synchronize()
    }
  }

  /// The launch of a recording of `body`; nil where the driver does not record, or not this work.
  private func recorded(_ body: () throws -> Void) throws -> (() throws -> Void)? {
    guard let recording = context.compute.recording else { return nil }
    try recording.beginRecording()
    do {
      try body()
    } catch {
      _ = try? recording.endRecording()
      return nil
    }
    guard let graph = try? recording.endRecording() else { return nil }
    return { try recording.launch(graph) }
  }
}
