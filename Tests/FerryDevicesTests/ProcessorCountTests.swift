import Testing

@testable import FerryDevices

@Suite struct ProcessorCountTests {
  @Test(arguments: [
    ("Name:\tferry\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
    ("Cpus_allowed:\tff,ffffffff\n", 40), ("Cpus_allowed:\t00000000,00000f10", 5),
    ("Cpus_allowed:\t0\n", nil), ("Name:\tferry\n", nil),
  ])
  func masksAreCounted(_ status: String, _ count: Int?) {
    #expect(ProcessorCount.allowed(status) == count)
  }

  @Test(arguments: [
    ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000", 2), ("1000 100000", 1),
    ("", nil), ("100000 0", nil),
  ])
  func quotasAreWholeProcessors(_ line: String, _ count: Int?) {
    #expect(ProcessorCount.quota(line) == count)
  }

  @Test func thisProcessHasSome() {
    #expect(HostThreads.processorCount >= 1)
  }
}
