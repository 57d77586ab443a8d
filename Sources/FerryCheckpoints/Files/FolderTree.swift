import Glibc

/// Everything in a folder and in the folders within, by path relative to it, links to files followed.
///
/// A link to a folder is followed where that lies within the whole and does not hold the link, but not within a folder
/// that was come to by a link; no folder is entered twice on one path. Ferry's own temporaries are left out. What cannot be read, or has a name that is not UTF-8, is an error: nothing is left out unsaid.
package struct FolderTree {
  /// An entry.
  package struct Entry: Sendable {
    /// What an entry is.
    package enum Kind: Hashable, Sendable {
      /// A regular file, or a link to one.
      case file
      /// A folder; its entries follow.
      case folder
      /// Anything that is not followed: a link that leads nowhere, to a folder elsewhere or back to one that holds it,
      /// a pipe, a device.
      case other
    }
    /// The path, relative to the folder: "1_Pooling/config.json".
    package let path: String
    /// What it is.
    package let kind: Kind
  }

  /// The entries, each folder before what is in it.
  package private(set) var entries: [Entry] = []
  private let root: String

  /// Reads the folder at `path`.
  /// - Parameter enters: Whether the folder at a relative path is looked into; one that is not is an entry of its own
  ///   all the same.
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
