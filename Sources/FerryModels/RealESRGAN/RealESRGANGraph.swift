import FerryCheckpoints

/// A Real-ESRGAN network as ncnn's converter leaves it: which of the two it is, and what PyTorch calls its
/// weights.
///
/// Layers are those of the PyTorch module in the order of its forward pass. Their types and parameters are
/// compared with what the network would have; how they are connected follows from that.
struct RealESRGANGraph {
  /// The network.
  let configuration: RealESRGANConfiguration
  /// PyTorch's names of the stored tensors.
  let names: [ExactString: String]

  /// Recognises the network of an ncnn file, or says why it is none that Ferry runs.
  init(_ network: NCNNNetwork, _ checkpoint: Checkpoint) throws(ModelError) {
    let layers = network.layers
    let weighted = layers.filter { ["Convolution", "PReLU"].contains($0.type) }
    let found =
      layers.contains { $0.type == "PixelShuffle" }
      ? Self.compact(layers, weighted, checkpoint) : Self.dense(layers, weighted, checkpoint)
    guard let found else {
      throw ModelError(
        .unsupported,
        "\(checkpoint.path) describes no network that Ferry runs; those of Real-ESRGAN's ncnn packages "
          + "(SRVGGNetCompact and RRDBNet) run")
    }
    configuration = found
    let modules = found.convolutions.flatMap(\.convolutions).flatMap { names in
      [names.module] + (names.slopes.map { [$0] } ?? [])
    }
    guard modules.count == weighted.count else {
      throw ModelError(
        .unsupported, "\(checkpoint.path) has another number of layers than its network")
    }
    self.names = Dictionary(
      zip(weighted, modules).flatMap { layer, module in
        [
          (ExactString("\(layer.name).weight"), module.weight),
          (ExactString("\(layer.name).bias"), module.bias),
          (ExactString("\(layer.name).slopes"), module.weight),
        ]
      }, uniquingKeysWith: { $1 })
  }

  // MARK: SRVGGNetCompact

  private static func compact(
    _ layers: [NCNNNetwork.Layer], _ weighted: [NCNNNetwork.Layer], _ checkpoint: Checkpoint
  ) -> RealESRGANConfiguration? {
    let isAlternating = weighted.enumerated().allSatisfy { index, layer in
      layer.type == (index.isMultiple(of: 2) ? "Convolution" : "PReLU")
        && (layer.type == "PReLU" || layer.isPlainConvolution(slope: nil))
    }
    guard isAlternating, let last = weighted.last, last.type == "Convolution",
      let outputs = last.integer(0), let features = weighted[0].integer(0),
      let scale = RealESRGANConfiguration.scale(ofOutputs: outputs),
      layers.filter({ $0.type == "PixelShuffle" }).map({ $0.integer(0) }) == [scale],
      layers.filter(\.isSum).count == 1
    else { return nil }
    var factors = layers.filter { $0.type == "Interp" }
    guard let nearest = factors.first, nearest.isResize(.nearest, by: Double(scale)) else {
      return nil
    }
    factors.removeFirst()
    let outputScale = factors.first.flatMap { $0.bicubicFactor }.map { $0 * Double(scale) }
    guard factors.count <= 1, factors.isEmpty || outputScale.map({ Int(exactly: $0) }) != nil else {
      return nil
    }
    return RealESRGANConfiguration(
      prefix: "",
      network: .compact(
        features: features, convolutions: (weighted.count + 1) / 2, scale: scale),
      outputScale: outputScale.flatMap { Int(exactly: $0) })
  }

  // MARK: RRDBNet

  private static func dense(
    _ layers: [NCNNNetwork.Layer], _ weighted: [NCNNNetwork.Layer], _ checkpoint: Checkpoint
  ) -> RealESRGANConfiguration? {
    let blocks = (weighted.count - 6) / 15
    guard blocks > 0, weighted.count == 15 * blocks + 6, let features = weighted[0].integer(0),
      let growth = weighted[1].integer(0)
    else { return nil }
    let areConvolutions = weighted.enumerated().allSatisfy { index, layer in
      let isInBlock = (1...15 * blocks).contains(index)
      let hasSlope =
        isInBlock
        ? !index.isMultiple(of: 5) : (15 * blocks + 2...15 * blocks + 4).contains(index)
      return layer.type == "Convolution" && layer.isPlainConvolution(slope: hasSlope ? 0.2 : nil)
    }
    let sums = layers.filter { $0.type == "Eltwise" }
    let resizes = layers.filter { $0.type == "Interp" }
    guard areConvolutions, sums.count == 4 * blocks, sums.allSatisfy(\.addsAFifth),
      layers.filter({ $0.type == "Concat" }).count == 12 * blocks,
      layers.filter(\.isSum).count == 1, resizes.count == 2,
      resizes.allSatisfy({ $0.isResize(.nearest, by: 2) })
    else { return nil }
    return RealESRGANConfiguration(
      prefix: "", network: .dense(features: features, growth: growth, blocks: blocks, folding: 1),
      outputScale: nil)
  }
}

extension RealESRGANGraph: StoredNames {
  func huggingFaceName(_ name: String) -> String? { names[ExactString(name)] }
  func rowOrder(_ name: String) -> HeadRowOrder? { nil }
}

extension NCNNNetwork.Layer {
  /// Ways to resize, by ncnn's numbers.
  fileprivate enum Resize: Int { case nearest = 1, bicubic = 3 }

  /// Whether it is a convolution of 3 × 3 with a bias, one pixel of zeros around the map, and this slope of
  /// negative values.
  fileprivate func isPlainConvolution(slope: Double?) -> Bool {
    let size = integer(1)
    let has = { (key: Int, value: Int, fallback: Int) in integer(key, default: fallback) == value }
    guard size == 3, has(11, 3, 3), has(2, 1, 1), has(3, 1, 1), has(4, 1, 0), has(14, 1, 1),
      has(5, 1, 0)
    else { return false }
    guard let slope else { return has(9, 0, 0) }
    guard has(9, 2, 0), let given = lists[10], given.count == 1 else { return false }
    return (given[0] - slope).magnitude < 1e-6
  }

  /// Whether two maps are added.
  fileprivate var isSum: Bool { type == "BinaryOp" && integer(0) == 0 }

  /// Whether a fifth of the first map is added to the second.
  fileprivate var addsAFifth: Bool {
    guard integer(0) == 1, let factors = lists[1], factors.count == 2 else { return false }
    return (factors[0] - 0.2).magnitude < 1e-6 && factors[1] == 1
  }

  fileprivate func isResize(_ kind: Resize, by factor: Double) -> Bool {
    integer(0) == kind.rawValue && numbers[1] == factor && numbers[2] == factor
  }

  /// The factor by which it shrinks images, if it does.
  fileprivate var bicubicFactor: Double? {
    guard let factor = numbers[1], factor > 0, factor < 1, isResize(.bicubic, by: factor) else {
      return nil
    }
    return factor
  }
}
