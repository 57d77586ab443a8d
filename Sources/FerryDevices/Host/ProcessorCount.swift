import Glibc

/// How many processors there are for this process.
enum ProcessorCount {
  /// Those it may run on, and no more than the time its control group grants.
  static var usable: Int {
    let online = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    return min(SystemFile.text("/proc/self/status").flatMap(allowed) ?? online, granted ?? .max)
  }

  /// The processors of the mask in a process's status, words of hexadecimal digits; nil where there is none.
  static func allowed(_ status: String) -> Int? {
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
    else { return nil }
    let count = line.split(separator: ":")[1].reduce(0) {
      $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0)
    }
    return count > 0 ? count : nil
  }

  /// The processors of a line of `cpu.max`, which holds the microseconds granted in a period, and the period;
  /// nil where all are.
  static func quota(_ line: String) -> Int? {
    let words = line.split { $0.isWhitespace }.map { Int($0) }
    guard words.count == 2, let granted = words[0], let period = words[1], granted > 0, period > 0
    else { return nil }
    return max(1, (granted + period - 1) / period)
  }

  /// The least quota from the process's control group up; nil: no limit.
  private static var granted: Int? {
    let groups = SystemFile.text("/proc/self/cgroup")?.split(separator: "\n") ?? []
    guard let line = groups.first(where: { $0.hasPrefix("0::/") }) else { return nil }
    var path = line.dropFirst("0::/".count).split(separator: "/").map(String.init)
    var least: Int?
    repeat {
      let folder = (["/sys/fs/cgroup"] + path).joined(separator: "/")
      if let quota = SystemFile.text(folder + "/cpu.max").flatMap(quota) {
        least = min(quota, least ?? quota)
      }
    } while path.popLast() != nil
    return least
  }
}
