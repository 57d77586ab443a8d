import Glibc

/// The place where a result is going to be: resolved once, checked once, and replaced by the handle that was checked.
///
/// A destination is an open folder and a name in it. A path whose last component is a link stands for what the link
/// leads to, which is replaced while the link stays. Nothing is made or changed before a ``TemporaryFile`` or
/// ``FolderWriter`` is made for it.
package final class Destination: Sendable {
  /// What is going to be there.
  package enum Kind: Sendable { case file, folder }

  /// The path as it was given.
  package let path: String
  /// Whether what is there may be replaced.
  let replacing: Bool
  /// The folder it lies in.
  let folder: FolderHandle
  /// Its name there.
  let name: FileName
  /// How names are exchanged.
  let renaming: FolderHandle.Renaming

  /// Resolves and checks `path`.
  ///
  /// Throws if it is empty or names no entry of an existing folder, if a link there leads nowhere, if something is
  /// there that is of another kind or is not to be replaced, and always if that is the root, the current or the home
  /// folder or one that holds them.
  package convenience init(_ path: String, _ kind: Kind, replacing: Bool) throws(CheckpointError) {
    try self.init(path, kind, replacing: replacing, renaming: .system)
  }

  init(
    _ path: String, _ kind: Kind, replacing: Bool, renaming: FolderHandle.Renaming
  ) throws(CheckpointError) {
    (folder, name) = try Self.resolved(path, kind)
    self.path = path
    self.replacing = replacing
    self.renaming = renaming
    try check(kind)
  }

  /// What is there now; nil where nothing is.
  var occupant: FolderHandle.Entry? { folder.entry(name) }

  /// The error of a destination that exists and is not to be replaced.
  var exists: CheckpointError {
    CheckpointError(.exists, file: path, "exists already; choose another name or pass --force")
  }

  private func check(_ kind: Kind) throws(CheckpointError) {
    guard let occupant else {
      guard errno == ENOENT else { throw .unwritable(path) }
      return
    }
    if occupant.kind == .folder, let role = ProtectedFolders.role(of: occupant.identity) {
      throw CheckpointError(
        .exists, file: path, "\(role), which is never replaced; name another place")
    }
    switch (kind, occupant.kind) {
    case (.file, .file), (.folder, .folder): break
    case (.file, .folder):
      throw CheckpointError(.exists, file: path, "is a folder; name a file to write")
    case (.file, _):
      throw CheckpointError(
        .exists, file: path, "is not a regular file; write to another place")
    case (.folder, _):
      throw CheckpointError(
        .exists, file: path, "is not a folder; write to another place, or remove it")
    }
    guard replacing else { throw exists }
  }
}

extension Destination {
  /// The folder and the name that `path` stands for, behind a link if it is one.
  private static func resolved(
    _ path: String, _ kind: Kind
  ) throws(CheckpointError) -> (FolderHandle, FileName) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw CheckpointError(
        .unwritable, file: "'\(path)'", "names nothing; name the \(kind) to write")
    }
    guard kind == .folder || path.utf8.last != UInt8(ascii: "/") else {
      throw CheckpointError(
        .unwritable, file: path, "is no name of a file; name one to write to")
    }
    let (parent, name) = FileTree.split(path)
    // The name without slashes behind it: they would lead through a link where none would not.
    let trimmed = name.isEmpty ? "/" : "\(parent)/\(name)"
    if let place = realpath(trimmed, nil) {
      defer { free(place) }
      return try split(place, for: path)
    }
    guard errno == ENOENT || errno == ENOTDIR else { throw .unwritable(path) }
    guard !FileTree.exists(trimmed) else {
      throw CheckpointError(
        .exists, file: path, "is a link that leads nowhere; remove it or name another place")
    }
    guard name != ".", name != "..", let folder = FolderHandle(path: parent) else {
      guard errno == ENOENT || errno == ENOTDIR else { throw .unwritable(path) }
      throw CheckpointError(
        .unwritable, file: path, "cannot be written: there is no folder '\(parent)'; make it first")
    }
    return (folder, FileName(name))
  }

  /// The folder of an absolute path without links, and the last component.
  private static func split(
    _ place: UnsafePointer<CChar>, for path: String
  ) throws(CheckpointError) -> (FolderHandle, FileName) {
    let bytes = UnsafeBufferPointer(start: place, count: strlen(place))
    let slash = bytes.lastIndex(of: CChar(bitPattern: UInt8(ascii: "/"))) ?? 0
    // The root lies in itself, under the name ".".
    let name =
      bytes.count == 1 ? FileName(".") : FileName(bytes: bytes[(slash + 1)...])
    let parent = Array(bytes[..<max(1, slash)]) + [0]
    guard let folder = FolderHandle(path: parent) else { throw .unwritable(path) }
    return (folder, name)
  }
}
