import FerryDevices
import Testing

@Suite struct HostFiguresTests {
  @Test func readsTheMachinesMemory() {
    let text = "MemTotal:       24684092 kB\nMemFree:  1 kB\nMemAvailable:   24207832 kB\n"
    #expect(
      HostFigures.machineMemory(text)
        == DeviceMemory(total: 24_684_092 * 1024, free: 24_207_832 * 1024))
  }

  @Test(arguments: ["", "MemTotal: 5 kB\n", "MemTotal: x kB\nMemAvailable: 1 kB", "MemTotal"])
  func knowsWhenFiguresAreMissing(_ text: String) {
    #expect(HostFigures.machineMemory(text) == nil)
  }

  @Test func looksAtAllAncestorsOfItsControlGroup() {
    #expect(
      ControlGroup.folders("0::/user/job\n")
        == ["/sys/fs/cgroup", "/sys/fs/cgroup/user", "/sys/fs/cgroup/user/job"])
    #expect(ControlGroup.folders("0::/\n") == ["/sys/fs/cgroup"])
    #expect(
      ControlGroup.folders("5:devices:/\n4:hugetlb,memory:/a\n0::/\n")
        == ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/a", "/sys/fs/cgroup"])
    #expect(ControlGroup.folders("nonsense\n") == [])
  }

  @Test func reportsNoMoreFreeThanTotal() throws {
    let memory = try HostFigures.memory()
    let free = try #require(memory.free)
    #expect(free > 0 && free <= memory.total)
    #expect(!HostFigures.processorName().isEmpty)
  }
}
