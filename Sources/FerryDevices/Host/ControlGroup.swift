/// One memory control group, of either version, that this process is in.
///
/// A limit holds for everything below it, so a process obeys its own group and all of its ancestors.
/// Inside a container the path the kernel names may not exist; the root that is mounted there then
/// is the container's group, and is looked at too.
package struct ControlGroup {
  /// In bytes; nil where there is none.
  package let limit: Int?
  /// In bytes, without cached files, which the kernel drops first.
  package let usage: Int?

  package static func ofThisProcess() -> [ControlGroup] {
    folders(SystemFile.text("/proc/self/cgroup") ?? "").compactMap { ControlGroup(at: $0) }
  }

  /// The folders that may hold figures, from the lines `id:controllers:path` of `/proc/self/cgroup`.
  package static func folders(_ text: String) -> [String] {
    text.split(separator: "\n").flatMap { line -> [String] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      if fields[1].isEmpty { return ancestors(of: fields[2], below: "/sys/fs/cgroup") }
      guard fields[1].split(separator: ",").contains("memory") else { return [] }
      return ancestors(of: fields[2], below: "/sys/fs/cgroup/memory")
    }
  }

  private static func ancestors(of path: Substring, below root: String) -> [String] {
    var folders = [root]
    for name in path.split(separator: "/") where name != ".." {
      folders.append("\(folders[folders.count - 1])/\(name)")
    }
    return folders
  }

  package init?(at folder: String) {
    if let limit = SystemFile.number("\(folder)/memory.limit_in_bytes") {
      self.limit = limit
      usage = Self.usage(folder, file: "memory.usage_in_bytes", prefix: "total_")
    } else if SystemFile.text("\(folder)/memory.max") != nil {
      limit = SystemFile.number("\(folder)/memory.max")
      usage = Self.usage(folder, file: "memory.current", prefix: "")
    } else {
      return nil
    }
  }

  private static func usage(_ folder: String, file: String, prefix: String) -> Int? {
    guard let all = SystemFile.number("\(folder)/\(file)") else { return nil }
    let fields = SystemFile.fields(SystemFile.text("\(folder)/memory.stat") ?? "")
    let files = (fields["\(prefix)inactive_file"] ?? 0) + (fields["\(prefix)active_file"] ?? 0)
    return max(0, all - files)
  }
}
