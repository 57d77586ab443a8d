import FerryCheckpoints

/// The files beside the weights of a folder, sorted by whether a conversion copies them.
struct CompanionFiles {
  /// The files that are copied, by path relative to the folder.
  private(set) var copied: [String] = []
  /// The files and folders that are not copied: weights that nothing in the result refers to (the same weights in
  /// another format, for example), hidden folders, and entries that are neither files nor folders.
  private(set) var leftOut: [String] = []

  /// Examines the folder of `checkpoint`.
  init(of checkpoint: Checkpoint) throws(CheckpointError) {
    let modules = try Self.moduleFolders(of: checkpoint)
    let own = Set(checkpoint.files.map { FileTree.split($0.path).name })
    let tree = try FolderTree(checkpoint.path) { !Self.isHidden($0) }
    for entry in tree.entries {
      let folder = entry.path.split(separator: "/").dropLast().joined(separator: "/")
      switch entry.kind {
      case .folder where Self.isHidden(entry.path), .other: leftOut.append(entry.path)
      case .folder: break
      case .file where folder.isEmpty && Self.isWrittenAnew(entry.path, own): break
      case .file
      where Self.holdsWeights(entry.path) && !Self.isReferred(entry.path, in: folder, modules, tree):
        leftOut.append(entry.path)
      case .file: copied.append(entry.path)
      }
    }
  }

  /// Copies the files and creates the folders that contain them.
  func copy(from source: String, to folder: FolderWriter) throws(CheckpointError) {
    var made: Set<String> = []
    for path in copied {
      let parts = path.split(separator: "/")
      for count in 1..<parts.count where parts.count > 1 {
        let inner = parts[..<count].joined(separator: "/")
        if made.insert(inner).inserted { try folder.makeFolder(named: inner) }
      }
      try folder.copy("\(source)/\(path)", named: path)
    }
  }

  /// Returns the folders listed in sentence-transformers' `modules.json`, whose weights belong to the model.
  private static func moduleFolders(
    of checkpoint: Checkpoint
  ) throws(CheckpointError) -> Set<String> {
    let modules = try checkpoint.document("modules.json")?.array ?? []
    return Set(
      modules.compactMap { module in
        // "2_Dense/" and "./2_Dense" denote the same folder.
        let parts = module["path"]?.string?.split(separator: "/").filter { $0 != "." }
        return parts.flatMap { $0.isEmpty ? nil : $0.joined(separator: "/") }
      })
  }

  /// Returns true if something in the folder refers to a file of weights: `modules.json` to everything in a module's
  /// folder, `adapter_config.json` to the adapter beside it.
  private static func isReferred(
    _ path: String, in folder: String, _ modules: Set<String>, _ tree: FolderTree
  ) -> Bool {
    if modules.contains(where: { folder == $0 || folder.hasPrefix($0 + "/") }) { return true }
    let name = path.split(separator: "/").last ?? ""
    let configuration = folder.isEmpty ? "adapter_config.json" : "\(folder)/adapter_config.json"
    return name.hasPrefix("adapter_model.")
      && tree.entries.contains { $0.path == configuration && $0.kind == .file }
  }

  /// Returns true if the conversion itself writes a top-level file of this name.
  private static func isWrittenAnew(_ name: String, _ own: Set<String>) -> Bool {
    name == "config.json" || own.contains(name)
      || name.hasSuffix(".json") && WeightFileNames(name) != nil
  }

  private static func isHidden(_ path: String) -> Bool {
    path.split(separator: "/").last?.hasPrefix(".") ?? false
  }

  /// Returns true if a file holds weights, judging by its name.
  private static func holdsWeights(_ path: String) -> Bool {
    [
      ".safetensors", ".safetensors.index.json", ".bin", ".bin.index.json", ".pt", ".pth", ".gguf",
      ".h5", ".msgpack", ".onnx", ".onnx_data",
    ].contains { path.hasSuffix($0) }
  }
}
