import FerryDevices
import Glibc

/// What a result was measured on.
struct Machine: Codable {
  let processor: String
  let cores: Int
  let memoryBytes: Int
  let features: [String]
  let system: String

  /// This machine.
  static var current: Machine {
    let cpu = SystemFile.text("/proc/cpuinfo") ?? ""
    let flags = Set(field("flags", of: cpu).split(separator: " ").map(String.init))
    let telling = [
      "avx2", "fma", "avx512f", "avx512vbmi", "avx512_vnni", "avx512_bf16", "avx512_fp16",
      "amx_bf16", "amx_int8",
    ]
    let memory = SystemFile.text("/proc/meminfo") ?? ""
    let total = field("MemTotal", of: memory).split(separator: " ").first.flatMap { Int($0) }
    return Machine(
      processor: field("model name", of: cpu), cores: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      memoryBytes: (total ?? 0) * 1024, features: telling.filter(flags.contains),
      system: release)
  }

  /// One line for people.
  var description: String {
    "\(processor), \(cores) cores, \(memoryBytes / 1_000_000_000) GB, "
      + "\(features.joined(separator: " ")), Linux \(system)"
  }

  private static func field(_ name: String, of text: String) -> String {
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    let value = line?.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
    return String(value.drop { $0 == " " })
  }

  /// The kernel's version, without what its builder appended.
  private static var release: String {
    let text = SystemFile.text("/proc/sys/kernel/osrelease") ?? ""
    return String(text.prefix { $0.isNumber || $0 == "." })
  }
}
