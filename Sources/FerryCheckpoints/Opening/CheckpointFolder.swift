import Glibc

/// A folder as Hugging Face lays it out.
struct CheckpointFolder {
  static let weightsName = "model.safetensors"
  static let indexName = "model.safetensors.index.json"

  let path: String

  /// Whether the folder has a file of this name.
  func has(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }

  /// A JSON document of the folder; nil if there is no such file.
  func document(_ name: String) throws(CheckpointError) -> JSONValue? {
    guard has(name) else { return nil }
    let file = path + "/" + name
    return try JSONValue(parsing: try FileReader.contents(path: file), file: file)
  }

  /// The headers of all weight files, checked against the index where there is one.
  func contents() throws(CheckpointError) -> CheckpointContents {
    let index = try document(Self.indexName)
    guard let index else {
      guard has(Self.weightsName) else { throw noWeights() }
      var contents = CheckpointContents()
      try contents.append(safetensors: try FileReader(path: path + "/" + Self.weightsName))
      return contents
    }
    guard !has(Self.weightsName) else {
      throw CheckpointError(
        .malformed, file: path,
        "holds both \(Self.weightsName) and \(Self.indexName); remove the one that is out of date")
    }
    return try sharded(index)
  }

  private func noWeights() -> CheckpointError {
    let others = ["pytorch_model.bin", "pytorch_model.bin.index.json"].filter(has)
    guard let other = others.first else {
      return CheckpointError(
        .unreadable, file: path,
        "holds neither \(Self.weightsName) nor \(Self.indexName); name a folder with weights, "
          + "or the weight file itself")
    }
    return CheckpointError(
      .unsupported, file: path, "holds \(other), a pickle; convert it to safetensors")
  }

  private func sharded(_ index: JSONValue) throws(CheckpointError) -> CheckpointContents {
    let map = try shardMap(index)
    var contents = CheckpointContents()
    for name in Set(map.values).map(\.text).sorted(by: {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }) {
      let reader = try FileReader(path: path + "/" + name)
      let first = contents.tensors.count
      try contents.append(safetensors: reader)
      for tensor in contents.tensors[first...] where map[ExactString(tensor.name)]?.text != name {
        throw CheckpointError(
          .malformed, file: reader.file.path, tensor: tensor.name,
          "is not of this file according to \(Self.indexName); get the folder again")
      }
    }
    for (tensor, name) in map where contents.index[tensor] == nil {
      throw CheckpointError(
        .malformed, file: path + "/" + name.text, tensor: tensor.text,
        "is missing although \(Self.indexName) lists it; get the folder again")
    }
    return contents
  }

  /// `weight_map`: the file of each tensor, a plain name within this folder.
  private func shardMap(_ index: JSONValue) throws(CheckpointError) -> [ExactString: ExactString] {
    let file = path + "/" + Self.indexName
    guard let members = index["weight_map"]?.object, !members.isEmpty else {
      throw CheckpointError(
        .malformed, file: file, "has no weight_map, or an empty one; get the file again")
    }
    var map = [ExactString: ExactString](minimumCapacity: members.count)
    for member in members {
      guard let name = member.value.string, name.hasByteSuffix(".safetensors"),
        !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
      else {
        throw CheckpointError(
          .malformed, file: file, tensor: member.key,
          "weight_map does not name a .safetensors file of the folder; get the file again")
      }
      map[ExactString(member.key)] = ExactString(name)
    }
    return map
  }
}
