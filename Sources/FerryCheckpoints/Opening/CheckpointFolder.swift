import Glibc

/// A folder as Hugging Face lays it out.
struct CheckpointFolder {
  let path: String

  /// Returns true if the folder has an entry of this name. A dangling link counts as an entry. Throws if the entry
  /// cannot be examined.
  func has(_ name: String) throws(CheckpointError) -> Bool {
    let file = path + "/" + name
    var status = stat()
    if lstat(file, &status) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else {
      throw .system(.unreadable, file: file, "cannot be read")
    }
    return false
  }

  /// Returns the names in the folder, sorted. Throws if the folder cannot be read.
  func names() throws(CheckpointError) -> [String] {
    guard let folder = opendir(path) else {
      throw .system(.unreadable, file: path, "cannot be read")
    }
    closedir(folder)
    return FileTree.entries(of: path)
  }

  /// A JSON document of the folder; nil if there is no such file.
  func document(_ name: String) throws(CheckpointError) -> JSONValue? {
    guard try has(name) else { return nil }
    let file = path + "/" + name
    return try JSONValue(parsing: try FileReader.contents(path: file), file: file)
  }

  /// Reads the headers of these weight files and checks them against the index, if there is one.
  func contents(_ weights: FolderWeights) throws(CheckpointError) -> CheckpointContents {
    switch weights {
    case .index(let name): return try sharded(ShardIndex(name, in: self))
    case .file(let name), .gguf(let name):
      var contents = CheckpointContents()
      try contents.append(safetensors: try FileReader(path: path + "/" + name))
      return contents
    }
  }

  private func sharded(_ index: ShardIndex) throws(CheckpointError) -> CheckpointContents {
    var contents = CheckpointContents()
    for name in index.files {
      let reader = try FileReader(path: path + "/" + name)
      let first = contents.tensors.count
      try contents.append(safetensors: reader)
      for tensor in contents.tensors[first...]
      where index.map[ExactString(tensor.name)]?.text != name {
        throw CheckpointError(
          .malformed, file: reader.file.path, tensor: tensor.name,
          "is not of this file according to \(index.name); get the folder again")
      }
    }
    for (tensor, name) in index.map where contents.index[tensor] == nil {
      throw CheckpointError(
        .malformed, file: path + "/" + name.text, tensor: tensor.text,
        "is missing although \(index.name) lists it; get the folder again")
    }
    return contents
  }
}
