import FerryTensors

/// A convolution of a Real-ESRGAN network before its weights are found.
struct ConvolutionNames {
  /// The module's name, with the prefix.
  let module: WeightNames
  let outputs: Int
  let inputs: Int
  /// Where the slopes of the activation that follows are, if it has some.
  var slopes: WeightNames?

  /// The weights in the order of use.
  var weights: [BlueprintWeight] {
    let weight = BlueprintWeight(
      [module.weight], shape: [outputs, inputs, 3, 3], mayBeQuantized: false)
    return [weight, .vector(module.bias, count: outputs)]
      + (slopes.map { [.vector($0.weight, count: outputs)] } ?? [])
  }
}

extension RealESRGANConfiguration {
  /// Convolutions that a forward pass needs together, by name.
  var convolutions: [(segment: String, convolutions: [ConvolutionNames])] {
    let root = prefix.isEmpty ? WeightNames() : WeightNames()[String(prefix.dropLast())]
    switch network {
    case .compact(let features, let count, let scale):
      return (0..<count).map { index in
        let isLast = index == count - 1
        return (
          "body.\(2 * index)",
          [
            ConvolutionNames(
              module: root["body"][2 * index], outputs: isLast ? 3 * scale * scale : features,
              inputs: index == 0 ? 3 : features,
              slopes: isLast ? nil : root["body"][2 * index + 1])
          ]
        )
      }
    case .dense(let features, let growth, let blocks, let folding):
      let first = ConvolutionNames(
        module: root["conv_first"], outputs: features, inputs: 3 * folding * folding)
      let tail = ["conv_body", "conv_up1", "conv_up2", "conv_hr", "conv_last"].map {
        ConvolutionNames(
          module: root[$0], outputs: $0 == "conv_last" ? 3 : features, inputs: features)
      }
      return [("conv_first", [first])]
        + (0..<blocks).map { ("body.\($0)", Self.block(root["body"][$0], features, growth)) }
        + [("tail", tail)]
    }
  }

  /// The fifteen convolutions of a residual block: three times four that see all before them, and one.
  private static func block(_ names: WeightNames, _ features: Int, _ growth: Int)
    -> [ConvolutionNames]
  {
    (1...3).flatMap { part in
      (1...5).map { index in
        ConvolutionNames(
          module: names["rdb\(part)"]["conv\(index)"], outputs: index == 5 ? features : growth,
          inputs: features + (index - 1) * growth)
      }
    }
  }
}
