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

  @Test func memoryOfTheProcessThatStartedItDoesNotCount() throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 20, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 1)
    let run = try ChildProcess.run("/bin/sh", ["-c", "sleep 0.1"])
    #expect(run.residentBytes > 100_000)
    #expect(run.residentBytes < memory.count)
  }

  @Test func failuresAreErrors() {
    let failure = #expect(throws: ChildProcess.Failure.self) {
      try ChildProcess.run("/bin/sh", ["-c", "echo why; exit 3"])
    }
    #expect(failure?.reason == "it ended with status 768:\nwhy\n")
    #expect(throws: ChildProcess.Failure.self) { try ChildProcess.run("/no/such/program", []) }
  }
}
