import FerryFormats

/// Where the weights of a network's layers lie in its `.bin` file: one after the other, in the order of the
/// layers, with no header but four bytes before each convolution's weights.
struct NCNNWeights {
  /// The tensors, named "layer.weight", "layer.bias" and "layer.slopes".
  private(set) var tensors: [StoredTensor] = []
  private let reader: FileReader
  private let file: Int
  private var offset = 0

  /// Layers without weights that are passed over. Of any other the size of its weights is not known.
  private static let weightless: Set<String> = [
    "Input", "Split", "Concat", "Eltwise", "BinaryOp", "Interp", "PixelShuffle", "Noop",
  ]
  /// More channels, or weights of one layer, than any network has.
  private static let mostChannels = 1 << 16, mostElements = 1 << 30

  /// Finds the weights of `network` in the file of `reader`, number `file` of the checkpoint.
  init(_ network: NCNNNetwork, in reader: FileReader, file: Int) throws(CheckpointError) {
    self.reader = reader
    self.file = file
    for layer in network.layers {
      switch layer.type {
      case "Convolution": try addConvolution(layer)
      case "PReLU":
        let count = try size(layer, 0, "slopes", in: 1...Self.mostChannels)
        try append("\(layer.name).slopes", .f32, [count])
      case _ where Self.weightless.contains(layer.type): break
      default:
        throw CheckpointError(
          .unsupported, file: reader.file.path, tensor: layer.name,
          "is a layer of type \(layer.type), which Ferry does not read")
      }
    }
    guard offset == reader.file.byteCount else {
      throw CheckpointError(
        .malformed, file: reader.file.path,
        "has \(reader.file.byteCount.counted("byte")) where its .param file asks for \(offset); they are not of "
          + "one network")
    }
  }

  private mutating func addConvolution(_ layer: NCNNNetwork.Layer) throws(CheckpointError) {
    let outputs = try size(layer, 0, "outputs", in: 1...Self.mostChannels)
    let width = try size(layer, 1, "kernel width", in: 1...64)
    let height = try size(layer, 11, "kernel height", in: 1...64, default: width)
    let count = try size(layer, 6, "weights", in: 1...Self.mostElements)
    guard count.isMultiple(of: outputs * width * height) else {
      throw CheckpointError(
        .malformed, file: reader.file.path, tensor: layer.name,
        "has \(count.counted("weight")) for \(outputs) outputs of \(height) × \(width)")
    }
    guard layer.integer(8) == 0 else { throw quantized(layer) }
    let type = try elementType(of: layer)
    let inputs = count / (outputs * width * height)
    try append("\(layer.name).weight", type, [outputs, inputs, height, width])
    offset = (offset + 3) / 4 * 4
    if try size(layer, 5, "bias flag", in: 0...1) == 1 {
      try append("\(layer.name).bias", .f32, [outputs])
    }
  }

  /// What the four bytes before a convolution's weights say of their type.
  private mutating func elementType(of layer: NCNNNetwork.Layer) throws(CheckpointError)
    -> ElementType
  {
    guard offset <= reader.file.byteCount - 4 else { throw truncated(layer.name) }
    let bytes = try reader.bytes(at: offset, count: 4)
    offset += 4
    switch bytes.reversed().reduce(0 as UInt32, { $0 << 8 | UInt32($1) }) {
    case 0, 0x0002_C056: return .f32
    case 0x0130_6B47: return .f16
    default: throw quantized(layer)
    }
  }

  private mutating func append(_ name: String, _ type: ElementType, _ shape: [Int])
    throws(CheckpointError)
  {
    // Bounded above: the product of the extents is no more than `mostElements`.
    let byteCount = shape.reduce(type.byteCount, *)
    guard byteCount <= reader.file.byteCount - offset else { throw truncated(name) }
    tensors.append(
      StoredTensor(
        name: name, encoding: .elements(type), shape: shape, file: file, offset: offset,
        byteCount: byteCount))
    offset += byteCount
  }

  private func size(
    _ layer: NCNNNetwork.Layer, _ key: Int, _ what: String, in bounds: ClosedRange<Int>,
    default fallback: Int = 0
  ) throws(CheckpointError) -> Int {
    guard let value = layer.integer(key, default: fallback), bounds.contains(value) else {
      throw CheckpointError(
        .malformed, file: reader.file.path, tensor: layer.name,
        "the .param file gives no sound number of \(what) (\(key)=…)")
    }
    return value
  }

  private func quantized(_ layer: NCNNNetwork.Layer) -> CheckpointError {
    CheckpointError(
      .unsupported, file: reader.file.path, tensor: layer.name,
      "is stored in 8 bits; Ferry reads the f32 and f16 files of ncnn")
  }

  private func truncated(_ name: String) -> CheckpointError {
    CheckpointError(
      .malformed, file: reader.file.path, tensor: name, "ends behind the file; get it again")
  }
}
