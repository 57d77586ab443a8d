/// Writes the weights of a folder: one file (`model.safetensors`), or several files with an index if the weights exceed
/// the maximum file size.
package final class ShardedWriter {
  private let folder: FolderWriter
  private let tensors: [OutputTensor]
  private let writers: [SafetensorsWriter]
  private let fileNames: WeightFileNames
  private let names: [String]
  /// For each tensor, its file and its number in that file.
  private let places: [(file: Int, tensor: Int)]

  /// Opens the files; tensors are put into files in order, a new one when the next tensor would not fit.
  package init(
    folder: FolderWriter, tensors: [OutputTensor], maximumShardBytes: Int,
    names fileNames: WeightFileNames = .model
  ) throws(CheckpointError) {
    let shards = Self.shards(tensors, maximumBytes: maximumShardBytes)
    self.folder = folder
    self.fileNames = fileNames
    self.tensors = tensors
    var names: [String] = []
    var writers: [SafetensorsWriter] = []
    var places: [(file: Int, tensor: Int)] = []
    for (index, range) in shards.enumerated() {
      let name =
        shards.count > 1 ? fileNames.shard(index + 1, of: shards.count) : fileNames.whole
      names.append(name)
      writers.append(
        try SafetensorsWriter(
          folder.file(named: name), tensors: Array(tensors[range]), metadata: [("format", "pt")]))
      places += range.map { (index, $0 - range.lowerBound) }
    }
    (self.names, self.writers, self.places) = (names, writers, places)
  }

  /// The size of all files in bytes.
  package var byteCount: Int { writers.reduce(0) { $0 + $1.byteCount } }

  /// Writes bytes of tensor number `tensor` from `offset` within it on.
  package func write(_ bytes: UnsafeRawBufferPointer, tensor: Int, at offset: Int = 0)
    throws(CheckpointError)
  {
    let place = places[tensor]
    try writers[place.file].write(bytes, tensor: place.tensor, at: offset)
  }

  /// Finishes the files, and writes the index if there are several.
  package func finish() throws(CheckpointError) {
    for writer in writers { try writer.finish() }
    guard writers.count > 1 else { return }
    let map = tensors.indices.map {
      JSONValue.Member(tensors[$0].name, .string(names[places[$0].file]))
    }
    let total = tensors.reduce(0) { $0 + $1.byteCount }
    let index = JSONValue.object([
      .init("metadata", .object([.init("total_size", .number(String(total)))])),
      .init("weight_map", .object(map)),
    ])
    try folder.write(Array(index.serialized(.indented).utf8), named: fileNames.index)
  }

  private static func shards(_ tensors: [OutputTensor], maximumBytes: Int) -> [Range<Int>] {
    var shards: [Range<Int>] = []
    var (first, size) = (0, 0)
    for (index, tensor) in tensors.enumerated() {
      if index > first, size + tensor.byteCount > maximumBytes {
        shards.append(first..<index)
        (first, size) = (index, 0)
      }
      size += tensor.byteCount
    }
    return shards + [first..<tensors.count]
  }
}
