import FerryCheckpoints
package import FerryFormats
package import FerryOperations
import FerryTensors

/// A BERT encoder over one layout: which of its weights are where.
package struct BertModel: EmbeddingModel {
  /// The architecture.
  package let configuration: BertConfiguration
  /// How 8-bit layers multiply: LLM.int8() with the checkpoint's threshold, 6 where it names none.
  package let arithmetic: LinearArithmetic

  let words, types, positions: WeightNumber
  let norm: NormNumbers
  let layers: [BertLayer]

  /// Finds the weights in a layout that ``ModelLoader`` made.
  init(
    _ configuration: BertConfiguration, _ names: BertNames, layout: WeightLayout,
    quantization: QuantizationConfiguration?
  ) throws(ModelError) {
    self.configuration = configuration
    arithmetic = .llmInt8(threshold: quantization?.threshold ?? 6)
    let weights = WeightFinder(layout)
    words = try weights.number(names.words)
    types = try weights.number(names.types)
    positions = try weights.number(names.positions)
    norm = try NormNumbers(names.norm, weights)
    layers = try (0..<configuration.layerCount).map { (index) throws(ModelError) in
      try BertLayer(names.layer(index), weights)
    }
  }

  package var vocabularySize: Int { configuration.vocabularySize }
  package var maximumPositions: Int { configuration.maximumPositions }
  package var dimensions: Int { configuration.hiddenSize }

  package func scratchByteCount(rows: Int, elementType: ElementType) -> Int {
    let c = configuration
    let widths = Array(repeating: c.hiddenSize, count: 6) + [c.intermediateSize]
    return ScratchArena.byteCount(widths.map { $0 * rows * elementType.byteCount })
  }
}

/// A layer norm's weights, all of one segment.
struct NormNumbers: Sendable {
  let weight, bias: Int

  init(_ names: WeightNames, _ weights: WeightFinder) throws(ModelError) {
    weight = try weights.number(names.weight).entry
    bias = try weights.number(names.bias).entry
  }
}

/// The weights of one layer, by number.
struct BertLayer: Sendable {
  let attention: BertAttention
  let feedForward: BertFeedForward

  init(_ names: BertLayerNames, _ weights: WeightFinder) throws(ModelError) {
    attention = try BertAttention(names, weights)
    feedForward = try BertFeedForward(names, weights)
  }
}

/// The first half of a layer.
struct BertAttention: Sendable {
  let segment: Int
  let query, key, value, output: LinearNumbers
  let norm: NormNumbers

  init(_ names: BertLayerNames, _ weights: WeightFinder) throws(ModelError) {
    segment = try weights.number(names.query.weight).segment
    query = try weights.linear(names.query, bias: true)
    key = try weights.linear(names.key, bias: true)
    value = try weights.linear(names.value, bias: true)
    output = try weights.linear(names.output, bias: true)
    norm = try NormNumbers(names.attentionNorm, weights)
  }
}

/// The second half of a layer.
struct BertFeedForward: Sendable {
  let segment: Int
  let up, down: LinearNumbers
  let norm: NormNumbers

  init(_ names: BertLayerNames, _ weights: WeightFinder) throws(ModelError) {
    segment = try weights.number(names.up.weight).segment
    up = try weights.linear(names.up, bias: true)
    down = try weights.linear(names.down, bias: true)
    norm = try NormNumbers(names.outputNorm, weights)
  }
}
