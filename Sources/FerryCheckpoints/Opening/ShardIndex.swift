/// The index of a folder whose weights are in several files.
struct ShardIndex {
  /// The name of the index.
  let name: String
  /// `weight_map`: the file of each tensor, a file name without a path.
  let map: [ExactString: ExactString]

  /// Reads the index `name` of `folder`.
  init(_ name: String, in folder: CheckpointFolder) throws(CheckpointError) {
    let file = folder.path + "/" + name
    let document = try JSONValue(parsing: try FileReader.contents(path: file), file: file)
    guard let members = document["weight_map"]?.object, !members.isEmpty else {
      throw CheckpointError(
        .malformed, file: file, "has no weight_map, or an empty one; get the file again")
    }
    var map = [ExactString: ExactString](minimumCapacity: members.count)
    for member in members {
      guard let shard = member.value.string, shard.hasByteSuffix(".safetensors"),
        !shard.utf8.contains(UInt8(ascii: "/")), !shard.utf8.contains(0)
      else {
        throw CheckpointError(
          .malformed, file: file, tensor: member.key,
          "weight_map does not name a .safetensors file of the folder; get the file again")
      }
      map[ExactString(member.key)] = ExactString(shard)
    }
    self.name = name
    self.map = map
  }

  /// The files, sorted by their bytes.
  var files: [String] {
    Set(map.values).map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
