import Glibc

/// A folder that appears under its final name only when it is complete: built beside the destination, then renamed, or
/// exchanged with the checkpoint that it replaces. Removed if it is never finished.
package final class FolderWriter {
  private let destination: Destination
  private let temporary: Temporary
  private let contents: FolderHandle
  private var isFinished = false

  /// Creates the folder beside `destination`.
  package init(_ destination: Destination) throws(CheckpointError) {
    self.destination = destination
    temporary = try PendingFiles.begin(.folder, for: destination)
    let descriptor = fcntl(temporary.descriptor, F_DUPFD_CLOEXEC, 3)
    guard let contents = FolderHandle(owning: descriptor) else {
      let error = CheckpointError.unwritable(destination.path)
      PendingFiles.discard(destination)
      throw error
    }
    self.contents = contents
  }

  /// Creates the folder beside `path`; an existing checkpoint is an error unless it is to be replaced.
  package convenience init(destination path: String, replacing: Bool) throws(CheckpointError) {
    try self.init(Destination(path, .folder, replacing: replacing))
  }

  deinit { if !isFinished { PendingFiles.discard(destination) } }

  /// Creates a file in the folder; `name` may be in a subfolder.
  func file(named name: String) throws(CheckpointError) -> TemporaryFile {
    try TemporaryFile(named: FileName(name), in: contents, path: "\(destination.path)/\(name)")
  }

  /// Writes a small file into the folder.
  package func write(_ bytes: [UInt8], named name: String) throws(CheckpointError) {
    let file = try file(named: name)
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(CheckpointError) in try file.write(bytes, at: 0) }
    }
    try result.get()
    try file.finish()
  }

  /// Makes a folder within the folder; its parent is there.
  package func makeFolder(named name: String) throws(CheckpointError) {
    guard mkdirat(contents.descriptor, name, 0o755) == 0 else {
      throw .unwritable("\(destination.path)/\(name)")
    }
  }

  /// Copies a file into the folder, byte for byte.
  package func copy(_ source: String, named name: String) throws(CheckpointError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw .system(.unreadable, file: source, "cannot be opened") }
    defer { close(input) }
    let file = try file(named: name)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while case let count = read(input, &buffer, buffer.count), count != 0 {
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system(.unreadable, file: source, "cannot be read") }
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

  /// Throws if finishing would remove anything but a checkpoint. Called after the small files are written and before
  /// the weights, which may take hours to compute.
  package func checkReplaced() throws(CheckpointError) {
    while let occupant = destination.occupant {
      guard let old = destination.folder.folder(destination.name) else { return }
      do {
        _ = try ReplacedCheckpoint(old, of: destination, successor: contents)
        return
      } catch {
        // Another writer may have replaced the old folder in the meantime and be removing its contents.
        guard destination.occupant?.identity != occupant.identity else { throw error }
      }
    }
  }

  /// Gives the folder its final name. An existing folder is removed only after the new one has taken its place, and
  /// only if it contains nothing but a checkpoint; otherwise throws, and restores everything.
  package func finish() throws(CheckpointError) {
    contents.synchronize()
    var replaced: ReplacedCheckpoint?
    try PendingFiles.complete(destination) { () throws(CheckpointError) in
      replaced = try take()
      return replaced != nil
    }
    isFinished = true
    destination.folder.synchronize()
    guard let replaced else { return }
    // The new folder is in place; only the entries of the old one that were identified as a checkpoint are removed.
    let isGone = replaced.remove() && unlinkName()
    PendingFiles.forget(destination)
    guard isGone else { throw leftover() }
  }

  /// Renames the folder, or exchanges it with the existing one; returns the old folder, now under the temporary's name,
  /// if it was an exchange.
  private func take() throws(CheckpointError) -> ReplacedCheckpoint? {
    let (folder, name) = (destination.folder, destination.name)
    // Other processes may create or remove the name in between; each retry covers one such event.
    for _ in 0..<100 {
      guard destination.replacing, destination.occupant != nil else {
        if folder.renameExclusively(temporary.name, to: name, by: destination.renaming) {
          return nil
        }
        guard errno == EEXIST || errno == ENOTEMPTY else { throw .unwritable(destination.path) }
        guard destination.replacing else { throw destination.exists }
        continue
      }
      try checkReplaced()
      if let replaced = try exchange() { return replaced }
    }
    throw destination.exists
  }

  /// Exchanges the two folders and checks the old one again, because entries may have been added at the last moment;
  /// returns nil if it no longer exists.
  ///
  /// During this check, the old folder has a name that no process mistakes for an abandoned temporary.
  private func exchange() throws(CheckpointError) -> ReplacedCheckpoint? {
    let (folder, name) = (destination.folder, destination.name)
    let aside = Temporary.spareName(for: name, longest: folder.longestName)
    guard folder.rename(temporary.name, to: aside) else { throw .unwritable(destination.path) }
    guard swap(with: aside) else {
      let reason = errno
      guard folder.rename(aside, to: temporary.name) else { throw .unwritable(destination.path) }
      guard [ENOENT, EEXIST, ENOTEMPTY].contains(reason) else {
        errno = reason
        throw .unwritable(destination.path)
      }
      return nil
    }
    do throws(CheckpointError) {
      guard let old = folder.folder(aside) else { throw .unwritable(destination.path) }
      let replaced = try ReplacedCheckpoint(old, of: destination, successor: contents)
      guard folder.rename(aside, to: temporary.name) else { throw .unwritable(destination.path) }
      return replaced
    } catch {
      guard swap(with: aside), folder.rename(aside, to: temporary.name) else {
        throw CheckpointError(
          error.code, file: destination.path, "\(error.message); it is in '\(aside)' beside it now")
      }
      throw error
    }
  }

  private func swap(with aside: FileName) -> Bool {
    let folder = destination.folder
    let spare = Temporary.spareName(for: destination.name, longest: folder.longestName)
    return folder.exchange(
      destination.name, with: aside, spare: spare, by: destination.renaming)
  }

  private func unlinkName() -> Bool {
    unlinkat(destination.folder.descriptor, temporary.name.bytes, AT_REMOVEDIR) == 0
      || errno == ENOENT
  }

  /// Entries were added to the old folder while it was being removed: it is kept, under a name that nothing removes.
  private func leftover() -> CheckpointError {
    let folder = destination.folder
    let spare = Temporary.spareName(for: destination.name, longest: folder.longestName)
    _ = folder.rename(temporary.name, to: spare)
    return CheckpointError(
      .exists, file: destination.path,
      "is written, but what was put into the old folder meanwhile could not be removed; it is in "
        + "'\(spare)' beside it")
  }
}
