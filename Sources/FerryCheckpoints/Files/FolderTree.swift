import Glibc

/// All entries of a folder and its subfolders, by relative path; links to files are followed.
///
/// A link to a folder is followed if its target lies in the same tree and does not contain the link, but not inside a
/// folder that was itself reached through a link; no folder is entered twice on one path. Ferry's own temporaries are
/// skipped. An entry that cannot be read or whose name is not UTF-8 is an error: nothing is skipped silently.
package struct FolderTree {
  /// An entry of the tree.
  package struct Entry: Sendable {
    /// The kind of an entry.
    package enum Kind: Hashable, Sendable {
      /// A regular file, or a link to one.
      case file
      /// A folder; its entries follow it.
      case folder
      /// Anything that is not followed: a dangling link, a link to a folder elsewhere or to one that contains it, a
      /// pipe, a device.
      case other
    }
    /// The path, relative to the folder: "1_Pooling/config.json".
    package let path: String
    /// The kind of the entry.
    package let kind: Kind
  }

  /// The entries, each folder before its contents.
  package private(set) var entries: [Entry] = []
  private let root: String

  /// Reads the folder at `path`.
  /// - Parameter enters: Returns whether to descend into the folder at a relative path. A folder that is not entered is
  ///   still listed.
  package init(_ path: String, enters: (String) -> Bool = { _ in true }) throws(CheckpointError) {
    root = path
    try visit("", above: [], byLink: false, enters: enters)
  }

  private mutating func visit(
    _ prefix: String, above: [FolderHandle.Identity], byLink: Bool, enters: (String) -> Bool
  ) throws(CheckpointError) {
    let path = prefix.isEmpty ? root : "\(root)/\(prefix)"
    guard let folder = FolderHandle(path: path), let names = folder.names() else {
      throw .system(.unreadable, file: path, "cannot be read")
    }
    let chain = above + [folder.identity]
    for name in names where !Temporary.isTemporary(name) {
      guard let text = name.text else {
        throw CheckpointError(
          .unreadable, file: path, "holds '\(name)', whose name is not UTF-8; rename it")
      }
      let inner = prefix.isEmpty ? text : "\(prefix)/\(text)"
      let isLink = folder.entry(name)?.kind == .link
      var kind = try kind(of: inner, isLink: isLink, within: chain)
      if kind == .folder, isLink, byLink { kind = .other }
      entries.append(Entry(path: inner, kind: kind))
      if kind == .folder, enters(inner) {
        try visit(inner, above: chain, byLink: byLink || isLink, enters: enters)
      }
    }
  }

  private func kind(
    of inner: String, isLink: Bool, within chain: [FolderHandle.Identity]
  ) throws(CheckpointError) -> Entry.Kind {
    let path = "\(root)/\(inner)"
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard isLink, errno == ENOENT || errno == ELOOP else {
        throw .system(.unreadable, file: path, "cannot be read")
      }
      return .other
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR where chain.contains(FolderHandle.Identity(status)): return .other
    case S_IFDIR: return isLink && !FileTree.contains(root, path) ? .other : .folder
    default: return .other
    }
  }
}
