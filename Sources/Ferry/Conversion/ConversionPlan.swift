import FerryCheckpoints
import FerryFormats
import FerryModels

/// What becomes of each weight of a checkpoint, and in which order the tensors of the result lie.
struct ConversionPlan {
  /// What becomes of a weight.
  enum Action: Sendable {
    /// It is written as it is.
    case keep
    /// It stays plain, in this type.
    case cast(ElementType)
    /// Quantizes to this format, exchanging rows and columns first if `transposed`.
    case quantize(WeightFormat, transposed: Bool)
    /// Decodes to this type, exchanging rows and columns afterward if `transposed`.
    case dequantize(ElementType, transposed: Bool)

    /// A Boolean value that indicates whether rows and columns are exchanged.
    var isTransposing: Bool {
      switch self {
      case .keep, .cast: false
      case .quantize(_, let transposed), .dequantize(_, let transposed): transposed
      }
    }
  }

  /// A weight, what becomes of it, and the tensors it is stored as.
  struct Item: Sendable {
    let weight: SourceWeight
    let action: Action
    let tensors: [WeightTensor]
    /// Makes the document of a weight that is encoded anew.
    let encoding: BitsandbytesEncoding?
  }

  /// A stored tensor of the result.
  struct Placement {
    /// The number of its tensor in the result.
    let tensor: Int
    /// Its size, which is larger than its content where a document is padded.
    let byteCount: Int
    let content: WeightTensor.Content
  }

  let items: [Item]
  /// The tensors of the result, in order.
  let tensors: [OutputTensor]
  /// For each item, its tensors.
  let placements: [[Placement]]

  /// Decides for every weight of `source`, in the order of the forward pass.
  init(_ source: SourceWeights, _ decide: (SourceWeight) throws -> Action) throws {
    var items: [Item] = []
    var groups: [[(tensor: WeightTensor, owner: Int)]] = []
    var flags: [(tensor: WeightTensor, owner: Int)] = []
    for group in OutputOrder.groups(of: source) {
      var tensors: [(tensor: WeightTensor, owner: Int)] = []
      for weight in group {
        let item = try Self.item(weight, try decide(weight), in: source.checkpoint)
        let own = item.tensors.map { (tensor: $0, owner: items.count) }
        // Single bytes would misalign whatever follows them: they go to the end of the file.
        flags += own.filter { $0.tensor.output.shape.isEmpty }
        tensors += own.filter { !$0.tensor.output.shape.isEmpty }
        items.append(item)
      }
      groups.append(tensors)
    }
    let arranged = StorageOrder.arranged(groups + [flags])
    self.items = items
    tensors = arranged.map(\.tensor.output)
    placements = Self.placements(arranged, itemCount: items.count)
  }

  /// The names of the weights that are converted.
  var converted: [String] { items.filter(\.isConverted).map(\.weight.name) }

  /// The names of the weights that stay as they are.
  var kept: [String] { items.filter { !$0.isConverted }.map(\.weight.name) }

  private static func item(
    _ weight: SourceWeight, _ action: Action, in checkpoint: Checkpoint
  ) throws -> Item {
    let (format, dtype): (WeightFormat, ElementType)
    switch action {
    case .keep where weight.format.isQuantized || weight.isOpaque:
      return Item(
        weight: weight, action: action, tensors: try storedTensors(of: weight, in: checkpoint),
        encoding: nil)
    case .keep: (format, dtype) = (weight.format, weight.elementType)
    case .cast(let type): (format, dtype) = (.plain(type), type)
    case .quantize(let target, _): (format, dtype) = (target, weight.elementType)
    case .dequantize(let type, _): (format, dtype) = (.plain(type), type)
    }
    guard
      let encoding = BitsandbytesEncoding(
        name: weight.name, format: format, dtype: dtype,
        shape: action.isTransposing ? weight.shape.reversed() : weight.shape)
    else {
      throw CheckpointError(
        .unsupported, file: checkpoint.path, tensor: weight.name,
        "bitsandbytes has no way to store it as \(format.name); keep it with --skip")
    }
    return Item(weight: weight, action: action, tensors: encoding.tensors, encoding: encoding)
  }

  /// The tensors of a quantized weight as they are stored: names, types, shapes, companions' bytes.
  private static func storedTensors(
    of weight: SourceWeight, in checkpoint: Checkpoint
  ) throws -> [WeightTensor] {
    var tensors: [WeightTensor] = []
    for (index, number) in weight.stored.parts.enumerated() {
      guard let number else { continue }
      let stored = checkpoint.tensors[number]
      if case .opaque(let type) = stored.encoding, checkpoint.container == .gguf {
        throw CheckpointError(
          .unsupported, file: checkpoint.path, tensor: stored.name,
          "is stored as \(type.name), which Ferry inspects and moves but does not decode, so that it cannot be "
            + "written to a safetensors file; use a file in F32, F16, BF16, Q4_0, Q4_1 or Q8_0")
      }
      tensors.append(WeightTensor(OutputTensor(stored), .part(index)))
    }
    for number in weight.stored.companions {
      let stored = checkpoint.tensors[number]
      tensors.append(
        WeightTensor(OutputTensor(stored), .constant(try checkpoint.bytes(of: stored))))
    }
    return tensors
  }

  private static func placements(
    _ arranged: [(tensor: WeightTensor, owner: Int)], itemCount: Int
  ) -> [[Placement]] {
    var placements = [[Placement]](repeating: [], count: itemCount)
    for (index, entry) in arranged.enumerated() {
      placements[entry.owner].append(
        Placement(
          tensor: index, byteCount: entry.tensor.output.byteCount, content: entry.tensor.content))
    }
    return placements
  }
}

extension ConversionPlan.Item {
  /// Whether the weight is written in another format than it is stored in.
  var isConverted: Bool {
    switch action {
    case .keep, .cast: false
    case .quantize, .dequantize: true
    }
  }
}

extension SourceWeight {
  /// A Boolean value that indicates whether the weight has a type that Ferry does not compute with.
  fileprivate var isOpaque: Bool {
    if case .opaque = format { true } else { false }
  }
}
