import Glibc

/// Files and folders on disk, by path.
package enum FileTree {
  /// Whether something is there.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether a folder is there.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a regular file is there, links followed: no pipe, no device.
  package static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Removes a file, or a folder with all that is in it; nothing happens where nothing is.
  package static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in entries(of: path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Whether `path` is `folder` or lies in it, links followed; both exist.
  package static func contains(_ folder: String, _ path: String) -> Bool {
    guard let folder = resolved(folder), let path = resolved(path) else { return false }
    return path == folder || path.hasPrefix(folder == "/" ? "/" : folder + "/")
  }

  /// Where a file or folder at `path` is going to be: behind the links that lead there, so that a link stays one.
  static func destination(_ path: String) -> String {
    if let place = resolved(path) { return place }
    let (folder, name) = split(path)
    return resolved(folder).map { $0 == "/" ? "/\(name)" : "\($0)/\(name)" } ?? path
  }

  private static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// The bytes of a whole file, for documents that are held in memory anyway.
  package static func contents(of path: String) throws(CheckpointError) -> [UInt8] {
    try FileReader.contents(path: path)
  }

  /// The names in a folder, sorted; none where there is no folder.
  package static func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The folder that a path lies in, and the last component of the path.
  package static func split(_ path: String) -> (folder: String, name: String) {
    let trimmed = String(path.reversed().drop { $0 == "/" }.reversed())
    guard let slash = trimmed.lastIndex(of: "/") else { return (".", trimmed) }
    let folder = String(trimmed[..<slash])
    return (folder.isEmpty ? "/" : folder, String(trimmed[trimmed.index(after: slash)...]))
  }

  /// Makes the names in a folder durable.
  static func synchronize(folder path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
