import Glibc

/// Folders that nothing ever replaces, whatever they hold and whatever is asked for: the root, the current folder, the
/// home folder, and those that hold one of them.
enum ProtectedFolders {
  /// What makes the folder with this identity one of them; nil if nothing does.
  static func role(of identity: FolderHandle.Identity) -> String? {
    if chain(from: "/").first == identity { return "is the root of the file system" }
    let current = chain(from: ".")
    if current.first == identity { return "is the current folder" }
    if current.contains(identity) { return "holds the current folder" }
    for home in homes {
      let chain = chain(from: home)
      if chain.first == identity { return "is the home folder" }
      if chain.contains(identity) { return "holds the home folder" }
    }
    return nil
  }

  private static var homes: [String] {
    let variable = getenv("HOME").map { String(cString: $0) }
    let entry = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_dir) }
    return [variable, entry].compactMap(\.self).filter { !$0.isEmpty }
  }

  /// The identities of the folder at `path` and of all above it, innermost first; none where there is no folder.
  private static func chain(from path: String) -> [FolderHandle.Identity] {
    var (path, chain) = (path, [FolderHandle.Identity]())
    var status = stat()
    while stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      let identity = FolderHandle.Identity(status)
      // The root is its own parent.
      guard chain.last != identity else { break }
      chain.append(identity)
      path += "/.."
    }
    return chain
  }
}
