import FerryCheckpoints
import FerryDevices
import FerryFormats
import FerryModels
import FerryTensors

/// A tiny plain f32 model with seeded random weights, made without any file; with a threshold its
/// linear layers are 8-bit ones.
struct SyntheticModel {
  let model: LlamaModel
  let image: WeightImage

  init(
    on host: DeviceContext, endTokens: [Int] = [], window: Int? = nil, maximumPositions: Int = 64,
    scaling: RotaryScaling = .none, threshold: Float? = nil
  ) throws {
    let configuration = LlamaConfiguration(
      family: .llama, vocabularySize: 32, hiddenSize: 16, intermediateSize: 24, headCount: 4,
      keyValueHeadCount: 2, headSize: 4, normEpsilon: 1e-5,
      rotary: RotaryEmbedding(
        theta: 100, headSize: 4, maximumPositions: maximumPositions, scaling: scaling),
      windows: [nil, window], biases: .init(), isTied: true, tokens: .init(end: endTokens),
      elementType: nil)
    let segments = LlamaBlueprint(configuration).segments.map { segment in
      SegmentDescription(
        name: segment.name,
        weights: segment.weights.map {
          let isLinear = $0.shape.count == 2 && $0.shape[0] != configuration.vocabularySize
          let format = threshold != nil && isLinear ? WeightFormat.int8Rows : .plain(.f32)
          return WeightDescription(names: $0.names, format: format, dtype: .f32, shape: $0.shape)
        })
    }
    let layout = WeightLayout(planning: segments)
    image = try Self.filled(layout, on: host)
    model = try LlamaModel(
      configuration, layout: layout,
      quantization: threshold.map { QuantizationConfiguration(width: .eightBit, threshold: $0) })
  }

  private static func filled(_ layout: WeightLayout, on host: DeviceContext) throws -> WeightImage {
    var image = WeightImage(empty: layout, device: .cpu, storage: .pageable)
    var numbers = UniformNumbers(state: 7)
    for segment in layout.segments {
      let memory = try host.allocate(byteCount: segment.imageRange.count)
      for part in segment.parts {
        let place = SegmentPlace.assembled(memory.view).view(of: part, in: segment)
        guard let floats = place.mutableHostBytes?.bindMemory(to: Float.self) else { continue }
        for index in floats.indices { floats[index] = numbers.next() }
      }
      image.set(.assembled(memory.view), segment: segment.index)
    }
    return image
  }
}

/// Numbers from -0.8 to 0.8 by a linear congruential generator (Knuth's constants).
private struct UniformNumbers {
  var state: UInt64

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) / Float(1 << 24) * 1.6 - 0.8
  }
}
