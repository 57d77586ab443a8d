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

  /// Returns true if `path` is `folder` or lies inside it. Both exist; links are followed, and mounts make no
  /// difference. A file contains itself.
  package static func contains(_ folder: String, _ path: String) -> Bool {
    guard let identity = FolderHandle.identities(of: folder).first else { return false }
    return FolderHandle.identities(of: path).contains(identity)
  }

  /// Returns one spelling for all paths to the same place, with links resolved as far as the path exists.
  package static func canonical(_ path: String) -> String {
    if let place = realpath(path, nil) {
      defer { free(place) }
      return String(cString: place)
    }
    let (folder, name) = split(path)
    guard let place = realpath(folder, nil) else { return path }
    defer { free(place) }
    return "\(String(cString: place))/\(name)"
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

  /// Splits a path into its folder and its last component, which is empty for the root.
  package static func split(_ path: String) -> (folder: String, name: String) {
    // Compares bytes: a slash and a combining mark after it form a single Character.
    let slash = UInt8(ascii: "/")
    let bytes = path.utf8
    let end = bytes.lastIndex { $0 != slash }.map(bytes.index(after:)) ?? bytes.startIndex
    guard let last = bytes[..<end].lastIndex(of: slash) else { return (".", String(path[..<end])) }
    let folder = String(path[..<last])
    return (folder.isEmpty ? "/" : folder, String(path[bytes.index(after: last)..<end]))
  }
}
