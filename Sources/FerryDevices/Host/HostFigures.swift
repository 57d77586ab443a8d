import Glibc

/// What `/proc` and the control groups say about the machine.
package enum HostFigures {
  /// The processor's model name, where the kernel tells.
  package static func processorName() -> String {
    let lines = SystemFile.text("/proc/cpuinfo")?.split(separator: "\n") ?? []
    for line in lines where line.hasPrefix("model name") {
      guard let colon = line.firstIndex(of: ":") else { break }
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    return "CPU"
  }

  /// The memory this process can hope for.
  package static func memory() throws(DeviceError) -> DeviceMemory {
    guard let text = SystemFile.text("/proc/meminfo"), let machine = machineMemory(text) else {
      throw DeviceError(.driver, "the memory figures of /proc/meminfo cannot be read")
    }
    return ControlGroup.ofThisProcess().reduce(machine) { limited($0, by: $1) }
  }

  /// The figures of `/proc/meminfo`, which are in KiB.
  package static func machineMemory(_ text: String) -> DeviceMemory? {
    let fields = SystemFile.fields(text)
    guard let total = fields["MemTotal"], let available = fields["MemAvailable"] else { return nil }
    return DeviceMemory(total: total * 1024, free: available * 1024)
  }

  private static func limited(_ memory: DeviceMemory, by group: ControlGroup) -> DeviceMemory {
    guard let limit = group.limit, limit < memory.total else { return memory }
    let spare = max(0, limit - (group.usage ?? 0))
    return DeviceMemory(total: limit, free: memory.free.map { min($0, spare) } ?? spare)
  }
}
