import Glibc

/// The place where a result is going to be: resolved once, checked once, and replaced by the handle that was checked.
///
/// A destination is an open folder and a name in it. A path whose last component is a link stands for what the link
/// leads to, which is replaced while the link stays. Nothing is made or changed before a ``TemporaryFile`` or
/// ``FolderWriter`` is made for it.
package final class Destination: Sendable {
  /// What is going to be there.
  package enum Kind: Sendable { case file, folder }

  /// What a file is, by its first bytes: one is replaced by another of its sort only.
  package enum Sort: String, Sendable {
    case safetensors = "a safetensors file"
    case png = "a PNG file"
    case svg = "an SVG file"
    case trace = "a trace of requests"

    /// Whether a file that begins with `bytes` is one.
    func begins(_ bytes: [UInt8]) -> Bool {
      switch self {
      // The header's length, of which the last bytes are zeros, and JSON.
      case .safetensors:
        bytes.count > 8 && bytes[5..<8].allSatisfy { $0 == 0 } && bytes[8] == UInt8(ascii: "{")
      case .png: bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
      case .svg: bytes.starts(with: "<svg".utf8)
      case .trace: bytes.starts(with: "{\n  \"models\"".utf8)
      }
    }
  }

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
  /// What a file that is there must be to be replaced; nil: any regular file.
  private let sort: Sort?

  /// Resolves and checks `path`.
  ///
  /// Throws if it is empty or names no entry of an existing folder, if a link there leads nowhere, if something is
  /// there that is of another kind or is not to be replaced, and always if that is the root, the current or the home
  /// folder or one that holds them.
  package convenience init(_ path: String, _ kind: Kind, replacing: Bool) throws(CheckpointError) {
    try self.init(path, kind, replacing: replacing, renaming: .system)
  }

  /// Resolves and checks the path of a file that replaces none of another sort, and none of `inputs`: what a command
  /// reads is never what it writes.
  package convenience init(
    _ path: String, _ sort: Sort, replacing: Bool, inputs: [String] = []
  ) throws(CheckpointError) {
    try self.init(path, .file, sort, replacing: replacing, renaming: .system)
    for input in inputs where holds(input) {
      throw CheckpointError(
        .exists, file: path, "is read as well; write the result to another place")
    }
  }

  /// Whether what is there now is the file or folder at `input`, or holds it, by whatever path or mount one comes.
  package func holds(_ input: String) -> Bool {
    guard let occupant else { return false }
    return FolderHandle.identities(of: input).contains(occupant.identity)
  }

  init(
    _ path: String, _ kind: Kind, _ sort: Sort? = nil, replacing: Bool,
    renaming: FolderHandle.Renaming
  ) throws(CheckpointError) {
    (folder, name) = try Self.resolved(path, kind)
    self.path = path
    self.replacing = replacing
    self.renaming = renaming
    self.sort = sort
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
    try checkSort()
  }

  /// Throws if a file is there that is of another sort than the result. An empty one has nothing to lose.
  func checkSort() throws(CheckpointError) {
    guard let sort, replacing, occupant?.kind == .file else { return }
    let file = openat(folder.descriptor, name.bytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .unwritable(path) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count >= 0 else { throw .unwritable(path) }
    guard count > 0, !sort.begins(Array(bytes[..<count])) else { return }
    throw CheckpointError(
      .exists, file: path,
      "is not \(sort.rawValue), and is not replaced by one; move it away, or write to another place"
    )
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
