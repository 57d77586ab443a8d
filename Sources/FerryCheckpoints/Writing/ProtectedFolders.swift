import Glibc

/// Folders that are never replaced, whatever they contain and whatever options are given: the root, the current folder,
/// the home folder, and folders that contain one of them.
enum ProtectedFolders {
  /// Returns the reason the folder with this identity is protected ("is the current folder"); nil if it is not
  /// protected.
  static func role(of identity: FolderHandle.Identity) -> String? {
    if FolderHandle.identities(of: "/").first == identity {
      return "is the root of the file system"
    }
    let current = FolderHandle.identities(of: ".")
    if current.first == identity { return "is the current folder" }
    if current.contains(identity) { return "holds the current folder" }
    for home in homes {
      let chain = FolderHandle.identities(of: home)
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
}
