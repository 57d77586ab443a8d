package import FerryCheckpoints
import FerryFormats
package import FerryTensors

/// Which weights a BERT encoder has, under Hugging Face's names.
package struct BertBlueprint: ModelBlueprint {
  /// The architecture.
  package let configuration: BertConfiguration
  private var names = BertNames(WeightNames())
  /// What the checkpoint has beyond the encoder: the heads that it was trained with.
  private var head: [BlueprintWeight] = []

  package init(_ configuration: BertConfiguration) { self.configuration = configuration }

  /// Embeddings, two halves a layer, and last what embedding a text does not need.
  package var segments: [BlueprintSegment] {
    let unused = head.isEmpty ? [] : [BlueprintSegment("head", head)]
    return [BlueprintSegment("embeddings", names.embeddings(configuration))] + layers + unused
  }

  private var layers: [BlueprintSegment] {
    (0..<configuration.layerCount).flatMap { index in
      let names = names.layer(index)
      return [
        BlueprintSegment("layers.\(index).attention", names.attentionWeights(configuration)),
        BlueprintSegment("layers.\(index).output", names.feedForwardWeights(configuration)),
      ]
    }
  }

  /// The linear weights, the pooler's among them: what transformers replaces when it loads a quantized one.
  package var quantizableWeights: [String] {
    let matrices = layers.flatMap(\.weights).filter(\.mayBeQuantized).map { $0.names[0] }
    return matrices + [names.root["pooler"]["dense"].weight]
  }

  package func huggingFaceConfiguration() throws(ModelError) -> JSONValue {
    let c = configuration
    return .object([
      .init("architectures", .array([.string("BertModel")])),
      .init("model_type", .string(BertConfiguration.modelType)),
      .init("vocab_size", .integer(c.vocabularySize)), .init("hidden_size", .integer(c.hiddenSize)),
      .init("intermediate_size", .integer(c.intermediateSize)),
      .init("num_hidden_layers", .integer(c.layerCount)),
      .init("num_attention_heads", .integer(c.headCount)),
      .init("max_position_embeddings", .integer(c.maximumPositions)),
      .init("type_vocab_size", .integer(c.typeCount)), .init("hidden_act", .string("gelu")),
      .init("layer_norm_eps", .number("\(c.normEpsilon)")),
      .init("torch_dtype", .string(c.elementType?.torchName ?? "float32")),
    ])
  }

  /// None: nothing is generated.
  package var generationConfiguration: JSONValue { .object([]) }

  /// Classes with a head store the encoder as `bert.`; the head's weights are whatever they are.
  package func adapted(to source: SourceWeights) -> BertBlueprint {
    var adapted = self
    let nested = BertNames(WeightNames()["bert"])
    if source[nested.words] != nil { adapted.names = nested }
    let heads = [adapted.names.root["pooler"].path + ".", "cls.", "classifier.", "qa_outputs."]
    adapted.head = source.weights.filter { weight in heads.contains { weight.name.hasPrefix($0) } }
      .map { BlueprintWeight([$0.name], shape: $0.shape, mayBeQuantized: $0.shape.count > 1) }
    return adapted
  }

  package func makeModel(_ layout: WeightLayout, quantization: QuantizationConfiguration?) throws
    -> RunnableModel
  {
    .embedder(try BertModel(configuration, names, layout: layout, quantization: quantization))
  }
}

/// The names of an encoder that is stored under `root`.
struct BertNames {
  let root: WeightNames

  init(_ root: WeightNames) { self.root = root }

  private var tables: WeightNames { root["embeddings"] }
  var words: String { tables["word_embeddings"].weight }
  var positions: String { tables["position_embeddings"].weight }
  var types: String { tables["token_type_embeddings"].weight }
  var norm: WeightNames { tables["LayerNorm"] }

  func layer(_ index: Int) -> BertLayerNames {
    BertLayerNames(root["encoder"]["layer"][index])
  }

  /// The weights of the embeddings in the order of use.
  func embeddings(_ c: BertConfiguration) -> [BlueprintWeight] {
    [
      .matrix(words, rows: c.vocabularySize, columns: c.hiddenSize),
      .matrix(types, rows: c.typeCount, columns: c.hiddenSize),
      .matrix(positions, rows: c.maximumPositions, columns: c.hiddenSize),
    ] + norm.layerNorm(count: c.hiddenSize)
  }
}

/// The names of one layer.
struct BertLayerNames {
  let query, key, value, output, attentionNorm: WeightNames
  let up, down, outputNorm: WeightNames

  init(_ layer: WeightNames) {
    let attention = layer["attention"]
    query = attention["self"]["query"]
    key = attention["self"]["key"]
    value = attention["self"]["value"]
    output = attention["output"]["dense"]
    attentionNorm = attention["output"]["LayerNorm"]
    up = layer["intermediate"]["dense"]
    down = layer["output"]["dense"]
    outputNorm = layer["output"]["LayerNorm"]
  }

  /// The weights of the first half, in the order of use.
  func attentionWeights(_ c: BertConfiguration) -> [BlueprintWeight] {
    [query, key, value, output].flatMap { linear($0, rows: c.hiddenSize, columns: c.hiddenSize) }
      + attentionNorm.layerNorm(count: c.hiddenSize)
  }

  /// The weights of the second half, in the order of use.
  func feedForwardWeights(_ c: BertConfiguration) -> [BlueprintWeight] {
    linear(up, rows: c.intermediateSize, columns: c.hiddenSize)
      + linear(down, rows: c.hiddenSize, columns: c.intermediateSize)
      + outputNorm.layerNorm(count: c.hiddenSize)
  }

  private func linear(_ name: WeightNames, rows: Int, columns: Int) -> [BlueprintWeight] {
    [.matrix(name.weight, rows: rows, columns: columns), .vector(name.bias, count: rows)]
  }
}

extension WeightNames {
  /// The weights of a layer norm, also under the names that checkpoints made from TensorFlow's have.
  fileprivate func layerNorm(count: Int) -> [BlueprintWeight] {
    [(weight, "gamma"), (bias, "beta")].map { name, old in
      BlueprintWeight([name, self[old].path], shape: [count], mayBeQuantized: false)
    }
  }
}
