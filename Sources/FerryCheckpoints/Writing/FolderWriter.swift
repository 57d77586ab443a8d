import Glibc

/// A folder that appears under its name only when it is complete: built beside the destination and renamed.
/// Removed if it is never finished. Where the name is a link to a folder, that folder is replaced, and the link stays.
package final class FolderWriter {
  /// Where files are to be written until the folder is finished.
  package let path: String
  private let destination: String
  private let place: String
  private var isFinished = false

  /// Makes the folder beside `destination`; an existing destination is an error unless it is to be replaced.
  package init(destination: String, replacing: Bool) throws(CheckpointError) {
    if !replacing, FileTree.exists(destination) {
      throw CheckpointError(
        .exists, file: destination, "exists already; choose another name or pass --force")
    }
    guard !FileTree.exists(destination) || FileTree.isFolder(destination) else {
      throw CheckpointError(
        .exists, file: destination, "is not a folder; write to another place, or remove it")
    }
    let place = FileTree.destination(destination)
    let (folder, name) = FileTree.split(place)
    let path = "\(folder)/.\(name).\(getpid()).part"
    try PendingFiles.insert(path, for: destination)
    FileTree.remove(path)
    self.destination = destination
    self.place = place
    self.path = path
    guard mkdir(path, 0o755) == 0 else {
      PendingFiles.remove(path)
      throw .unwritable(destination)
    }
  }

  deinit {
    guard !isFinished else { return }
    FileTree.remove(path)
    PendingFiles.remove(path)
  }

  /// Writes a small file into the folder.
  package func write(_ bytes: [UInt8], named name: String) throws(CheckpointError) {
    let file = try TemporaryFile(destination: "\(path)/\(name)", replacing: true)
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(CheckpointError) in try file.write(bytes, at: 0) }
    }
    try result.get()
    try file.finish()
  }

  /// Makes a folder within the folder; its parent is there.
  package func makeFolder(named name: String) throws(CheckpointError) {
    guard mkdir("\(path)/\(name)", 0o755) == 0 else { throw .unwritable(destination) }
  }

  /// Copies a file into the folder, byte for byte.
  package func copy(_ source: String, named name: String) throws(CheckpointError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else {
      throw CheckpointError(.unreadable, file: source, String(cString: strerror(errno)))
    }
    defer { close(input) }
    let file = try TemporaryFile(destination: "\(path)/\(name)", replacing: true)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while case let count = read(input, &buffer, buffer.count), count != 0 {
      guard count > 0 else {
        throw CheckpointError(.unreadable, file: source, String(cString: strerror(errno)))
      }
      let result = buffer.withUnsafeBytes { bytes in
        Result { () throws(CheckpointError) in
          try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: offset)
        }
      }
      try result.get()
      offset += count
    }
    try file.finish()
  }

  /// Gives the folder its name. What was there before goes only once the new folder stands in its place.
  package func finish() throws(CheckpointError) {
    FileTree.synchronize(folder: path)
    let (folder, name) = FileTree.split(place)
    let old = "\(folder)/.\(name).\(getpid()).old"
    let replaces = FileTree.exists(place)
    try PendingFiles.complete(path, leaving: replaces ? old : nil) { () throws(CheckpointError) in
      try swap(old: replaces ? old : nil)
    }
    isFinished = true
    if replaces { FileTree.remove(old) }
    PendingFiles.remove(old)
    FileTree.synchronize(folder: folder)
  }

  /// Two renames, the first undone if the second fails.
  private func swap(old: String?) throws(CheckpointError) {
    if let old, rename(place, old) != 0 { throw .unwritable(destination) }
    guard rename(path, place) == 0 else {
      let error = CheckpointError.unwritable(destination)
      if let old { rename(old, place) }
      throw error
    }
  }
}
