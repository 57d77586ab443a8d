import FerryFormats
import Glibc

extension Checkpoint {
  /// Opens a `.safetensors` file, a `.gguf` file, an ncnn `.param` file with its `.bin` file beside it, or a folder
  /// with such weights (``FolderWeights``). Reads and checks headers, the configuration and the small companions of
  /// quantized weights, but no weights.
  ///
  /// Takes time proportional to the number of tensors and memory proportional to the size of the headers.
  package init(path: String) throws(CheckpointError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let isAbsent = errno == ENOENT || errno == ENOTDIR
      throw .system(.unreadable, file: path, isAbsent ? "cannot be found" : "cannot be read")
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      try self.init(folder: path)
    } else {
      try self.init(file: path)
    }
  }

  private init(file path: String) throws(CheckpointError) {
    if path.hasByteSuffix(".param") {
      let contents = try CheckpointContents(ncnn: path)
      self.init(
        path: path, container: .ncnn, contents: contents, weights: contents.plainWeights)
      return
    }
    let reader = try FileReader(path: path)
    let start = try reader.bytes(at: 0, count: min(4, reader.file.byteCount))
    if start == GGUFHeader.magic {
      let contents = try CheckpointContents(gguf: reader)
      self.init(
        path: path, container: .gguf, contents: contents, weights: contents.plainWeights)
      return
    }
    guard path.hasByteSuffix(".safetensors") else { throw .unknownContainer(path) }
    var contents = CheckpointContents()
    try contents.append(safetensors: reader)
    try self.init(path: path, container: .safetensors, contents: contents, configuration: nil)
  }

  private init(folder path: String) throws(CheckpointError) {
    let folder = CheckpointFolder(path: path)
    let weights = try FolderWeights(in: folder)
    // A GGUF file contains its whole model; the files beside it are not part of it.
    if case .gguf(let name) = weights {
      self = try Checkpoint(file: path + "/" + name)
      return
    }
    let contents = try folder.contents(weights)
    let configuration = try folder.document("config.json")
    guard configuration == nil || configuration?.object != nil else {
      throw CheckpointError(
        .malformed, file: path + "/config.json", "is not a JSON object; get the file again")
    }
    try self.init(
      path: path, container: .folder, contents: contents, configuration: configuration,
      weightFiles: weights.names)
  }

  private init(
    path: String, container: Container, contents: CheckpointContents, configuration: JSONValue?,
    weightFiles: WeightFileNames = .model
  ) throws(CheckpointError) {
    let quantization = try configuration.flatMap { (root) throws(CheckpointError) in
      try QuantizationConfiguration(configuration: root, file: path + "/config.json")
    }
    let foreign = configuration.flatMap { ForeignQuantization(configuration: $0) }
    var interpreter = WeightInterpreter(
      contents, quantization: quantization, isForeign: foreign != nil,
      rowType: configuration?.weightType ?? .f16)
    let weights = try interpreter.weights()
    self.init(
      path: path, container: container, contents: contents, weights: weights,
      configuration: configuration, quantization: quantization, foreignQuantization: foreign,
      weightFiles: weightFiles)
  }
}

extension JSONValue {
  /// The type a model was published in: `dtype` of transformers 5, `torch_dtype` before.
  fileprivate var weightType: ElementType? {
    (self["dtype"]?.string ?? self["torch_dtype"]?.string).flatMap { ElementType(torchName: $0) }
  }
}

extension CheckpointContents {
  /// Every tensor as a weight of its own.
  var plainWeights: [CheckpointWeight] {
    tensors.indices.map { CheckpointWeight(plain: $0, tensors[$0]) }
  }
}

extension CheckpointWeight {
  /// The weight that is one stored tensor, number `index`.
  init(plain index: Int, _ tensor: StoredTensor) {
    let type = tensor.encoding.elementType
    let format: WeightFormat =
      if case .opaque = tensor.encoding { .opaque(byteCount: tensor.byteCount) } else {
        .plain(type)
      }
    self.init(
      name: tensor.name, format: format, dtype: type, shape: tensor.shape, nestedOffset: 0,
      parts: [index], companions: [])
  }
}

extension CheckpointError {
  fileprivate static func unknownContainer(_ path: String) -> CheckpointError {
    path.hasByteSuffix(".gguf")
      ? CheckpointError(
        .malformed, file: path, "has no GGUF header (it must start with 'GGUF'); get it again")
      : CheckpointError(
        .unsupported, file: path,
        "is neither a .safetensors file, a .gguf file, an ncnn .param file nor a folder; name one of these"
      )
  }
}
