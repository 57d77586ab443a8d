/// What the weight files of a checkpoint declare, before anything is made of it.
struct CheckpointContents {
  private(set) var files: [CheckpointFile] = []
  private(set) var fileMetadata: [[JSONValue.Member]] = []
  private(set) var tensors: [StoredTensor] = []
  private(set) var metadata: GGUFMetadata?
  private(set) var network: NCNNNetwork?
  private(set) var index: [ExactString: Int] = [:]

  /// Reads the header of a safetensors file; its tensors follow those already there.
  mutating func append(safetensors reader: FileReader) throws(CheckpointError) {
    let header = try SafetensorsHeader(reader, index: files.count)
    files.append(reader.file)
    fileMetadata.append(header.metadata)
    try append(header.tensors)
  }

  /// Reads the header of a GGUF file.
  init(gguf reader: FileReader) throws(CheckpointError) {
    let header = try GGUFHeader(reader)
    files = [reader.file]
    fileMetadata = [[]]
    metadata = header.metadata
    try append(header.tensors)
  }

  /// Reads the text of an ncnn `.param` file, and finds the weights in the `.bin` file beside it.
  init(ncnn path: String) throws(CheckpointError) {
    let network = try NCNNNetwork(path: path)
    let reader = try FileReader(path: path.dropLast(".param".utf8.count) + ".bin")
    let weights = try NCNNWeights(network, in: reader, file: 0)
    files = [reader.file]
    fileMetadata = [[]]
    self.network = network
    try append(weights.tensors)
  }

  init() {}

  private mutating func append(_ more: [StoredTensor]) throws(CheckpointError) {
    for tensor in more {
      guard index.updateValue(tensors.count, forKey: ExactString(tensor.name)) == nil else {
        throw CheckpointError(
          .malformed, file: files[tensor.file].path, tensor: tensor.name,
          "is there twice; remove one of the files")
      }
      tensors.append(tensor)
    }
  }
}
