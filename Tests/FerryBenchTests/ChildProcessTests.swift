import Testing

@testable import ferry_bench

/// Processes and what they took.
@Suite struct ChildProcessTests {
  @Test func theFirstByteComesBeforeTheEnd() throws {
    let run = try ChildProcess.run("/bin/sh", ["-c", "echo a; sleep 0.2; echo b"])
    #expect(run.seconds >= 0.2)
    #expect(run.secondsToOutput < run.seconds)
    #expect(run.residentBytes > 100_000)
  }

  @Test func failuresAreErrors() {
    let failure = #expect(throws: ChildProcess.Failure.self) {
      try ChildProcess.run("/bin/sh", ["-c", "echo why; exit 3"])
    }
    #expect(failure?.reason == "it ended with status 768:\nwhy\n")
    #expect(throws: ChildProcess.Failure.self) { try ChildProcess.run("/no/such/program", []) }
  }
}
