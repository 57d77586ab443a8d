import FerryFormats
import FerryModels
import FerryTensors

/// A Llama of a given shape with weights that nobody trained: quantized linear layers, the rest in bf16.
struct SyntheticLlama {
  let configuration: LlamaConfiguration
  let layout: WeightLayout

  /// A model whose linear layers, the head excepted, are stored in `format`.
  init(_ configuration: LlamaConfiguration, _ format: WeightFormat) {
    let blueprint = LlamaBlueprint(configuration)
    let quantized = Set(blueprint.quantizableWeights)
    self.configuration = configuration
    layout = WeightLayout(
      planning: blueprint.segments.map { segment in
        SegmentDescription(
          name: segment.name,
          weights: segment.weights.map { weight in
            WeightDescription(
              names: weight.names,
              format: quantized.contains(weight.names[0]) ? format : .plain(.bf16), dtype: .bf16,
              shape: weight.shape)
          })
      })
  }

  /// The forward pass.
  var model: LlamaModel {
    get throws { try LlamaModel(configuration, layout: layout) }
  }

  /// The bytes that a step reads for one token: everything but the embedding, of which it reads a row.
  var bytesPerToken: Int {
    layout.segments.dropFirst().reduce(0) { $0 + $1.byteCount }
  }
}

extension LlamaConfiguration {
  /// The shape of Llama 3 8B.
  static let llama8B = shape(
    hidden: 4096, inner: 14336, heads: (32, 8), layers: 32, vocabulary: 128_256)

  /// The shape of SmolLM2-135M.
  static let smolLM2 = shape(
    hidden: 576, inner: 1536, heads: (9, 3), layers: 30, vocabulary: 49152)

  /// A small model of the same kind.
  static let small = shape(hidden: 256, inner: 512, heads: (8, 2), layers: 2, vocabulary: 1024)

  static func shape(
    hidden: Int, inner: Int, heads: (queries: Int, keys: Int), layers: Int, vocabulary: Int
  ) -> LlamaConfiguration {
    LlamaConfiguration(
      family: .llama, vocabularySize: vocabulary, hiddenSize: hidden, intermediateSize: inner,
      headCount: heads.queries, keyValueHeadCount: heads.keys, headSize: hidden / heads.queries,
      normEpsilon: 1e-5,
      rotary: RotaryEmbedding(
        theta: 500_000, headSize: hidden / heads.queries, maximumPositions: 8192),
      windows: Array(repeating: nil, count: layers), biases: Biases(), isTied: false,
      tokens: SpecialTokens(), elementType: .bf16)
  }
}
