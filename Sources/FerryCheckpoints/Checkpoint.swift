package import FerryFormats

/// A checkpoint opened for reading: its headers parsed and checked, its tensors not read yet.
package struct Checkpoint: Sendable {
  /// What the path named.
  package enum Container: String, Sendable { case safetensors, gguf, folder, ncnn }

  /// The path as given.
  package let path: String
  /// What it names.
  package let container: Container
  /// The weight files.
  package let files: [CheckpointFile]
  /// The texts under `__metadata__` of each safetensors file (`{"format": "pt"}`), empty for GGUF.
  package let fileMetadata: [[JSONValue.Member]]
  /// Everything stored, in file order, companions included.
  package let tensors: [StoredTensor]
  /// The weights that the tensors make up, in file order, companions folded in.
  package let weights: [CheckpointWeight]
  /// `config.json`, where there is one.
  package let configuration: JSONValue?
  /// `quantization_config` of the configuration if it is bitsandbytes', read in both of its spellings.
  package let quantization: QuantizationConfiguration?
  /// `quantization_config` of the configuration if it is another library's.
  package let foreignQuantization: ForeignQuantization?
  /// The metadata of a GGUF file.
  package let metadata: GGUFMetadata?
  /// The network of an ncnn file.
  package let network: NCNNNetwork?
  /// The naming scheme of the folder's weight files.
  package let weightFiles: WeightFileNames
  private let tensorIndex: [ExactString: Int]
  private let weightIndex: [ExactString: Int]

  init(
    path: String, container: Container, contents: CheckpointContents, weights: [CheckpointWeight],
    configuration: JSONValue? = nil, quantization: QuantizationConfiguration? = nil,
    foreignQuantization: ForeignQuantization? = nil, weightFiles: WeightFileNames = .model
  ) {
    self.path = path
    self.container = container
    self.files = contents.files
    self.fileMetadata = contents.fileMetadata
    self.tensors = contents.tensors
    self.metadata = contents.metadata
    self.network = contents.network
    self.weights = weights
    self.configuration = configuration
    self.quantization = quantization
    self.foreignQuantization = foreignQuantization
    self.weightFiles = weightFiles
    self.tensorIndex = contents.index
    self.weightIndex = Dictionary(
      uniqueKeysWithValues: weights.enumerated().map { (ExactString($1.name), $0) })
  }

  /// The number of the stored tensor with this name, compared byte for byte, in ``tensors``.
  package func tensor(named name: String) -> Int? { tensorIndex[ExactString(name)] }

  /// The number of the weight with this name, compared byte for byte, in ``weights``.
  package func weight(named name: String) -> Int? { weightIndex[ExactString(name)] }
}

/// One weight file, as it was when its header was read.
package struct CheckpointFile: Hashable, Sendable {
  package let path: String
  package let byteCount: Int
  /// What tells this state of the file from another: device and inode, modification time in ns.
  package let device: UInt64, inode: UInt64
  package let modified: Int64
}

/// One tensor as its file declares it.
package struct StoredTensor: Hashable, Sendable {
  package let name: String
  package let encoding: StoredEncoding
  /// Extents, outermost first (GGUF stores them innermost first).
  package let shape: [Int]
  /// The number of its file in ``Checkpoint/files``.
  package let file: Int
  /// Its first byte in the file.
  package let offset: Int
  package let byteCount: Int
}

/// How a stored tensor's bytes are to be read.
package enum StoredEncoding: Hashable, Sendable {
  /// Elements as they are.
  case elements(ElementType)
  /// A block encoding of GGUF, read as floats.
  case ggufBlocks(GGUFBlockType)
  /// Bytes that are kept unchanged: their type has a name and a size, but Ferry does not compute with it.
  case opaque(OpaqueType)
}

/// One weight: a plain tensor, or a quantized one with all its companions.
package struct CheckpointWeight: Sendable {
  package let name: String
  /// The format of the weight in memory: a GGUF block encoding that Ferry decodes is plain f32 once read.
  package let format: WeightFormat
  /// The type that the weight was quantized from, or its stored type if it is plain; u8 for opaque bytes.
  package let dtype: ElementType
  /// Logical extents.
  package let shape: [Int]
  /// The nested offset, where there is one.
  package let nestedOffset: Float
  /// The stored tensor of each part, in the order of `format.parts(shape:)`, as a number in
  /// ``Checkpoint/tensors``; nil for a table that the checkpoint leaves to the format.
  package let parts: [Int?]
  /// The stored tensors that no device needs, written back as they are (quant_map, quant_state blob,
  /// weight_format), as numbers in ``Checkpoint/tensors``.
  package let companions: [Int]
}
