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

/// Reading the kernel's small text files.
package enum SystemFile {
  /// The whole file; nil where it cannot be read.
  package static func text(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = read(file, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: piece[..<count])
    }
  }

  /// The numbers of lines like `MemTotal:   24684092 kB` or `inactive_file 4096`, by name.
  package static func fields(_ text: String) -> [String: Int] {
    var fields: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" || $0 == ":" }
      guard words.count >= 2, let value = Int(words[1]) else { continue }
      fields[String(words[0])] = value
    }
    return fields
  }

  /// The number a file holds; nil for anything else, such as `max`.
  package static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.prefix { $0.isNumber }) }
  }
}
