package import FerryCheckpoints
package import FerryOperations
package import FerryTensors

/// A model of the Llama kind over one layout: which of its weights are where.
package struct LlamaModel: LanguageModel {
  /// The architecture.
  package let configuration: LlamaConfiguration
  /// How 8-bit layers multiply: LLM.int8() with the checkpoint's threshold, 6 where it names none.
  package let arithmetic: LinearArithmetic

  let embedding: WeightNumber
  let layers: [LlamaLayer]
  let norm: WeightNumber
  /// The embedding again where tied.
  let head: WeightNumber

  /// Finds the weights in a layout that ``ModelLoader`` made.
  package init(
    _ configuration: LlamaConfiguration, layout: WeightLayout,
    quantization: QuantizationConfiguration? = nil
  ) throws(ModelError) {
    self.configuration = configuration
    self.arithmetic = .llmInt8(threshold: quantization?.threshold ?? 6)
    let weights = WeightFinder(layout)
    embedding = try weights.number(LlamaNames.embedding)
    layers = try (0..<configuration.layerCount).map { (index) throws(ModelError) in
      try LlamaLayer(index, configuration, weights)
    }
    norm = try weights.number(LlamaNames.norm)
    head = try weights.number(LlamaNames.head)
  }

  package var vocabularySize: Int { configuration.vocabularySize }
  package var maximumPositions: Int { configuration.maximumPositions }
  package var endTokens: [Int] { configuration.tokens.end }
  package var cacheWidths: [Int] {
    Array(repeating: configuration.keyValueWidth, count: configuration.layerCount)
  }
}

/// The weights of one layer, by number.
struct LlamaLayer: Sendable {
  let attention: LlamaAttention
  let feedForward: LlamaFeedForward

  init(_ index: Int, _ configuration: LlamaConfiguration, _ weights: WeightFinder)
    throws(ModelError)
  {
    let names = LlamaLayerNames(index)
    attention = try LlamaAttention(
      names, configuration, window: configuration.windows[index], weights)
    feedForward = try LlamaFeedForward(names, configuration, weights)
  }
}

/// The first half of a layer.
struct LlamaAttention: Sendable {
  let segment: Int
  let norm: Int
  let query, key, value, output: LinearNumbers
  /// How many positions a token sees, its own included; nil: all before it.
  let window: Int?

  init(
    _ names: LlamaLayerNames, _ configuration: LlamaConfiguration, window: Int?,
    _ weights: WeightFinder
  ) throws(ModelError) {
    let biases = configuration.biases
    let found = try weights.number(names.inputNorm.weight)
    (segment, norm) = (found.segment, found.entry)
    query = try weights.linear(names.query, bias: biases.queryKeyValue)
    key = try weights.linear(names.key, bias: biases.queryKeyValue)
    value = try weights.linear(names.value, bias: biases.queryKeyValue)
    output = try weights.linear(names.output, bias: biases.attentionOutput)
    self.window = window
  }
}

/// The second half of a layer.
struct LlamaFeedForward: Sendable {
  let segment: Int
  let norm: Int
  let gate, up, down: LinearNumbers

  init(
    _ names: LlamaLayerNames, _ configuration: LlamaConfiguration, _ weights: WeightFinder
  ) throws(ModelError) {
    let biases = configuration.biases
    let found = try weights.number(names.postNorm.weight)
    (segment, norm) = (found.segment, found.entry)
    gate = try weights.linear(names.gate, bias: biases.feedForward)
    up = try weights.linear(names.up, bias: biases.feedForward)
    down = try weights.linear(names.down, bias: biases.feedForward)
  }
}
