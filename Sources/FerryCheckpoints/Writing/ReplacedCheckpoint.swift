import Glibc

/// A folder that a new checkpoint is to replace: exactly the entries that may be removed with it.
///
/// These are the files that programs write for a checkpoint, and any other file that the new checkpoint also has, byte
/// for byte. Any other entry prevents the folder from being replaced.
struct ReplacedCheckpoint {
  private struct Entry {
    let folder: FolderHandle
    let name: FileName
    let isFolder: Bool
  }

  /// The entries, in an order in which they can be removed.
  private var entries: [Entry] = []
  private var foreign: [String] = []
  private var weightFiles: [String] = []
  /// The folders listed in the old checkpoint's `modules.json`.
  private let modules: Set<String>

  /// Examines `folder`.
  ///
  /// Throws, naming the obstacle, if it contains anything but a checkpoint. A folder without weights is not a
  /// checkpoint, unless it is empty.
  /// - Parameter successor: The new checkpoint.
  init(
    _ folder: FolderHandle, of destination: Destination, successor: FolderHandle
  ) throws(CheckpointError) {
    modules = Self.modules(of: folder)
    try visit(folder, "", beside: successor, destination)
    guard foreign.isEmpty else { throw Self.refusal(destination, holding: foreign) }
    guard entries.isEmpty || !weightFiles.isEmpty else {
      throw CheckpointError(
        .exists, file: destination.path,
        "is a folder that holds something else than a checkpoint; remove it, or write the result "
          + "to another place")
    }
    guard Self.areOneModel(weightFiles) else {
      throw Self.refusal(destination, holding: weightFiles, "the weights of several models: ")
    }
  }

  /// Removes the entries; returns false if something could not be removed.
  func remove() -> Bool {
    var isGone = true
    for entry in entries {
      let flags = entry.isFolder ? AT_REMOVEDIR : 0
      if unlinkat(entry.folder.descriptor, entry.name.bytes, flags) != 0, errno != ENOENT {
        isGone = false
      }
    }
    return isGone
  }

  private mutating func visit(
    _ folder: FolderHandle, _ prefix: String, beside successor: FolderHandle?,
    _ destination: Destination
  ) throws(CheckpointError) {
    guard let names = folder.names() else {
      throw .system(.unreadable, file: "\(destination.path)/\(prefix)", "cannot be read")
    }
    for name in names {
      let path = "\(prefix)\(name)"
      switch folder.entry(name)?.kind {
      case .folder:
        let counterpart = successor?.folder(name)
        // A folder on another file system is a mount point.
        guard let inner = folder.folder(name), inner.identity.device == folder.identity.device,
          counterpart != nil || modules.contains(path)
        else {
          foreign.append(path + "/")
          continue
        }
        try visit(inner, path + "/", beside: counterpart, destination)
        entries.append(Entry(folder: folder, name: name, isFolder: true))
      case .file, .link:
        note(name, in: folder, path, beside: successor)
        entries.append(Entry(folder: folder, name: name, isFolder: false))
      case .other: foreign.append(path)
      case nil: continue
      }
    }
  }

  private mutating func note(
    _ name: FileName, in folder: FolderHandle, _ path: String, beside successor: FolderHandle?
  ) {
    let text = name.text ?? ""
    if !path.utf8.contains(UInt8(ascii: "/")), Self.isWeightFile(text) { weightFiles.append(text) }
    let isKnown =
      path == text
      ? Self.fileNames.contains(text) || Self.isWeightFile(text)
      : modules.contains(FileTree.split(path).folder)
        && (text == "config.json" || text == "model.safetensors")
    if !isKnown, !Self.isCopied(name, in: folder, to: successor) { foreign.append(path) }
  }

  private static func refusal(
    _ destination: Destination, holding names: [String], _ title: String = ""
  ) -> CheckpointError {
    let shown = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return CheckpointError(
      .exists, file: destination.path,
      "is not replaced, for it holds more than a checkpoint: \(title)\(shown)\(more); move that "
        + "away, or write the result to another place")
  }
}

// MARK: what a checkpoint consists of

extension ReplacedCheckpoint {
  /// The files, other than weights, that Hugging Face's libraries and Ferry write for a model.
  private static let fileNames: Set<String> = [
    "added_tokens.json", "chat_template.jinja", "chat_template.json", "config.json",
    "config_sentence_transformers.json", "generation_config.json", "merges.txt", "modules.json",
    "preprocessor_config.json", "processor_config.json", "sentence_bert_config.json",
    "special_tokens_map.json", "spiece.model", "tokenizer.json", "tokenizer.model",
    "tokenizer_config.json", "vocab.json", "vocab.txt",
  ]

  /// Returns true for `model.safetensors`, its index, a shard `model-00001-of-00002.safetensors`, and diffusers'
  /// equivalents.
  private static func isWeightFile(_ name: String) -> Bool {
    shardCount(name) != nil
  }

  /// Returns the number of shards in a weight file's name, "" for a single file, "index" for an index; nil for any
  /// other name.
  private static func shardCount(_ name: String) -> String? {
    for stem in ["model", "diffusion_pytorch_model"] where name.hasPrefix(stem) {
      let rest = name.dropFirst(stem.count)
      if rest == ".safetensors" { return "" }
      if rest == ".safetensors.index.json" { return "index" }
      if let match = rest.wholeMatch(of: /-[0-9]{5,}-of-([0-9]{5,})\.safetensors/) {
        return String(match.1)
      }
    }
    return nil
  }

  private static func areOneModel(_ names: [String]) -> Bool {
    let counts = Set(names.compactMap(shardCount)).subtracting(["index"])
    let stems = Set(names.map { $0.hasPrefix("diffusion") })
    return counts.count <= 1 && stems.count <= 1
  }

  private static func modules(of folder: FolderHandle) -> Set<String> {
    let file = openat(folder.descriptor, "modules.json", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count > 0,
      let document = try? JSONValue(parsing: Array(bytes[..<count]), file: "modules.json")
    else { return [] }
    return Set((document.array ?? []).compactMap { $0["path"]?.string })
  }

  /// Returns true if the successor has a file of this name with the same bytes.
  private static func isCopied(
    _ name: FileName, in folder: FolderHandle, to successor: FolderHandle?
  ) -> Bool {
    guard let successor, let new = successor.entry(name), new.kind == .file else { return false }
    let files = [folder, successor].map { openat($0.descriptor, name.bytes, O_RDONLY | O_CLOEXEC) }
    defer { for file in files where file >= 0 { close(file) } }
    guard files.allSatisfy({ $0 >= 0 }) else { return false }
    return haveEqualBytes(files[0], files[1])
  }

  private static func haveEqualBytes(_ first: Int32, _ second: Int32) -> Bool {
    var buffers = [[UInt8]](repeating: [UInt8](repeating: 0, count: 1 << 16), count: 2)
    var offset = 0
    while true {
      let count = pread(first, &buffers[0], buffers[0].count, off_t(offset))
      guard count >= 0, pread(second, &buffers[1], buffers[1].count, off_t(offset)) == count,
        buffers[0][..<count] == buffers[1][..<count]
      else { return false }
      if count == 0 { return true }
      offset += count
    }
  }
}
