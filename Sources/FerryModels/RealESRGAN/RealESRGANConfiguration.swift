import FerryCheckpoints

/// What a Real-ESRGAN checkpoint is, by the names and shapes of its weights: the files have no
/// configuration.
package struct RealESRGANConfiguration: Hashable, Sendable {
  /// The network.
  package enum Network: Hashable, Sendable {
    /// SRVGGNetCompact: convolutions in a row with `features` channels between them, and a pixel shuffle.
    case compact(features: Int, convolutions: Int, scale: Int)
    /// RRDBNet: residual blocks of densely connected convolutions, then twice to double the size. Images
    /// whose pixels are not to become sixteen are folded by `folding` first.
    case dense(features: Int, growth: Int, blocks: Int, folding: Int)
  }

  /// What stands before every name: "", "params." or "params_ema.".
  package var prefix: String
  /// The network.
  package var network: Network
  /// How many times as large the image is to become, where that is less than ``scale``.
  package var outputScale: Int?

  /// How many times as large the network makes an image.
  package var scale: Int {
    switch network {
    case .compact(_, _, let scale): scale
    case .dense(_, _, _, let folding): 4 / folding
    }
  }

  /// The key of a safetensors file's metadata under which ``outputScale`` is kept.
  package static let outputScaleKey = "output_scale"

  /// Recognises the network of a checkpoint without configuration; nil for any other.
  init?(_ checkpoint: Checkpoint) throws(ModelError) {
    guard checkpoint.configuration == nil, checkpoint.metadata == nil else { return nil }
    if let network = checkpoint.network {
      self = try RealESRGANGraph(network, checkpoint).configuration
      return
    }
    for prefix in ["", "params_ema.", "params."] {
      let shapes = StoredShapes(checkpoint: checkpoint, prefix: prefix)
      var network = try Self.dense(shapes)
      if network == nil { network = try Self.compact(shapes) }
      guard let network else { continue }
      self.prefix = prefix
      self.network = network
      try readOutputScale(checkpoint)
      return
    }
    return nil
  }

  init(prefix: String, network: Network, outputScale: Int?) {
    self.prefix = prefix
    self.network = network
    self.outputScale = outputScale
  }

  private mutating func readOutputScale(_ checkpoint: Checkpoint) throws(ModelError) {
    let members = checkpoint.fileMetadata.flatMap(\.self)
    guard let text = members.first(where: { $0.key == Self.outputScaleKey })?.value.string else {
      return
    }
    guard let factor = Int(text), (1...scale).contains(factor) else {
      throw ModelError(
        .malformed, "its metadata give the output scale '\(text)'; the network has \(scale)")
    }
    outputScale = factor
  }

  /// An RRDBNet, if the first names are those of one.
  private static func dense(_ shapes: StoredShapes) throws(ModelError) -> Network? {
    guard let first = shapes.convolution("conv_first"),
      let inner = shapes.convolution("body.0.rdb1.conv1")
    else { return nil }
    guard let folding = [3: 1, 12: 2, 48: 4][first.inputs] else {
      throw ModelError(
        .unsupported,
        "the network takes \(first.inputs) channels; Ferry runs those for RGB images (3, 12 or 48)")
    }
    let blocks = shapes.count { "body.\($0).rdb1.conv1" }
    return .dense(
      features: first.outputs, growth: inner.outputs, blocks: blocks, folding: folding)
  }

  /// An SRVGGNetCompact, if the first names are those of one.
  private static func compact(_ shapes: StoredShapes) throws(ModelError) -> Network? {
    guard let first = shapes.convolution("body.0"), shapes["body.1.weight"]?.count == 1 else {
      return nil
    }
    let count = shapes.count { "body.\(2 * $0)" }
    let last = shapes.convolution("body.\(2 * count - 2)")?.outputs ?? 0
    guard let scale = scale(ofOutputs: last) else {
      throw ModelError(
        .unsupported,
        "the network gives \(last) channels, which are not the squares of pixels of an RGB image")
    }
    return .compact(features: first.outputs, convolutions: count, scale: scale)
  }

  /// The side of the squares that the channels of an RGB image's pixels make up.
  static func scale(ofOutputs count: Int) -> Int? {
    (1...8).first { 3 * $0 * $0 == count }
  }
}

/// Shapes of a checkpoint's weights by name.
private struct StoredShapes {
  let checkpoint: Checkpoint
  let prefix: String

  subscript(name: String) -> [Int]? {
    checkpoint.weight(named: prefix + name).map { checkpoint.weights[$0].shape }
  }

  /// The channels of a convolution.
  func convolution(_ module: String) -> (outputs: Int, inputs: Int)? {
    guard let shape = self["\(module).weight"], shape.count == 4 else { return nil }
    return (shape[0], shape[1])
  }

  /// How many convolutions are there, numbered from 0 without gaps.
  func count(_ module: (Int) -> String) -> Int {
    var count = 0
    while convolution(module(count)) != nil { count += 1 }
    return count
  }
}
