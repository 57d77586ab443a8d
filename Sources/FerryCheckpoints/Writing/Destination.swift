import Glibc

/// The place where a result will be written: resolved once, checked once, and replaced through the folder handle that
/// was checked.
///
/// A destination is an open folder and a name in it. If the last component of the path is a link, the destination is
/// the link's target, which is replaced while the link stays. Nothing is created or changed until a ``TemporaryFile``
/// or ``FolderWriter`` is created for it.
package final class Destination: Sendable {
  /// The kind of the result.
  package enum Kind: Sendable { case file, folder }

  /// The format of a file, detected by its first bytes. An existing file is only replaced by one of the same format.
  package enum Sort: String, Sendable {
    case safetensors = "a safetensors file"
    case png = "a PNG file"
    case svg = "an SVG file"
    case trace = "a trace of requests"

    /// Returns true if a file that begins with `bytes` has this format.
    func begins(_ bytes: [UInt8]) -> Bool {
      switch self {
      // The header's length, whose upper bytes are zero, followed by JSON.
      case .safetensors:
        bytes.count > 8 && bytes[5..<8].allSatisfy { $0 == 0 } && bytes[8] == UInt8(ascii: "{")
      case .png: bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
      case .svg: bytes.starts(with: "<svg".utf8)
      case .trace: bytes.starts(with: "{\n  \"models\"".utf8)
      }
    }
  }

  /// The path as given by the caller.
  package let path: String
  /// A Boolean value that indicates whether an existing result may be replaced.
  let replacing: Bool
  /// The folder that contains the destination.
  let folder: FolderHandle
  /// The destination's name in the folder.
  let name: FileName
  /// The way in which names are exchanged.
  let renaming: FolderHandle.Renaming
  /// The format that an existing file must have to be replaced; nil for any regular file.
  private let sort: Sort?

  /// Resolves and checks `path`.
  ///
  /// Throws if the path is empty or does not name an entry of an existing folder, if it is a dangling link, or if
  /// something exists there that is of another kind or may not be replaced. Always throws for the root, the current
  /// folder, the home folder, and folders that contain one of them.
  package convenience init(_ path: String, _ kind: Kind, replacing: Bool) throws(CheckpointError) {
    try self.init(path, kind, replacing: replacing, renaming: .system)
  }

  /// Resolves and checks the path of a file. It replaces no file of another format and none of `inputs`: a command
  /// never overwrites its own input.
  package convenience init(
    _ path: String, _ sort: Sort, replacing: Bool, inputs: [String] = []
  ) throws(CheckpointError) {
    try self.init(path, .file, sort, replacing: replacing, renaming: .system)
    for input in inputs where holds(input) {
      throw CheckpointError(
        .exists, file: path, "is read as well; write the result to another place")
    }
  }

  /// Returns true if the existing file or folder is the one at `input` or contains it, whatever path or mount it is
  /// reached through.
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

  /// The existing entry; nil if there is none.
  var occupant: FolderHandle.Entry? { folder.entry(name) }

  /// The error for a destination that exists and may not be replaced.
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

  /// Throws if a file exists that has another format than the result. An empty file may be replaced: it holds no data.
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
  /// Returns the folder and the name that `path` stands for, after following it if it is a link.
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
    // The name without trailing slashes: they would follow a link that is otherwise not followed.
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

  /// Splits an absolute path without links into its folder and its last component.
  private static func split(
    _ place: UnsafePointer<CChar>, for path: String
  ) throws(CheckpointError) -> (FolderHandle, FileName) {
    let bytes = UnsafeBufferPointer(start: place, count: strlen(place))
    let slash = bytes.lastIndex(of: CChar(bitPattern: UInt8(ascii: "/"))) ?? 0
    // The root is its own parent, under the name ".".
    let name =
      bytes.count == 1 ? FileName(".") : FileName(bytes: bytes[(slash + 1)...])
    let parent = Array(bytes[..<max(1, slash)]) + [0]
    guard let folder = FolderHandle(path: parent) else { throw .unwritable(path) }
    return (folder, name)
  }
}
