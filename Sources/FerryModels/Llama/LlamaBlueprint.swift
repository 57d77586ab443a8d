package import FerryCheckpoints
package import FerryTensors

/// Which weights a model of the Llama kind has, under Hugging Face's names.
package struct LlamaBlueprint: ModelBlueprint {
  /// The architecture.
  package let configuration: LlamaConfiguration

  package init(_ configuration: LlamaConfiguration) { self.configuration = configuration }

  /// Embedding, two halves a layer, head: norm and `lm_head`, which where tied is the embedding's second name.
  package var segments: [BlueprintSegment] {
    let layers = (0..<configuration.layerCount).flatMap { index in
      let names = LlamaLayerNames(index)
      return [
        BlueprintSegment("layers.\(index).self_attn", names.attentionWeights(configuration)),
        BlueprintSegment("layers.\(index).mlp", names.feedForwardWeights(configuration)),
      ]
    }
    return [embedding] + layers + [head]
  }

  package var quantizableWeights: [String] {
    let layers = segments.dropFirst().dropLast()
    return layers.flatMap(\.weights).filter(\.mayBeQuantized).map { $0.names[0] }
  }

  package func adapted(to source: SourceWeights) throws -> LlamaBlueprint {
    guard configuration.isTied, let embedding = source[LlamaNames.embedding],
      let head = source[LlamaNames.head], try !source.isSame(embedding, head)
    else { return self }
    var untied = configuration
    untied.isTied = false
    return LlamaBlueprint(untied)
  }

  package func makeModel(_ layout: WeightLayout, quantization: QuantizationConfiguration?) throws
    -> RunnableModel
  {
    .language(try LlamaModel(configuration, layout: layout, quantization: quantization))
  }

  private var embedding: BlueprintSegment {
    let names = [LlamaNames.embedding] + (configuration.isTied ? [LlamaNames.head] : [])
    return BlueprintSegment("embedding", [table(names)])
  }

  private var head: BlueprintSegment {
    let norm = BlueprintWeight.vector(LlamaNames.norm, count: configuration.hiddenSize)
    return BlueprintSegment(
      "head", [norm] + (configuration.isTied ? [] : [table([LlamaNames.head])]))
  }

  private func table(_ names: [String]) -> BlueprintWeight {
    BlueprintWeight(
      names, shape: [configuration.vocabularySize, configuration.hiddenSize], mayBeQuantized: true)
  }
}

/// The names outside the layers.
enum LlamaNames {
  static let model = WeightNames()["model"]
  static let embedding = model["embed_tokens"].weight
  static let norm = model["norm"].weight
  static let head = WeightNames()["lm_head"].weight
}

/// The names of one layer.
struct LlamaLayerNames {
  let inputNorm, query, key, value, output: WeightNames
  let postNorm, gate, up, down: WeightNames

  init(_ index: Int) {
    let layer = LlamaNames.model["layers"][index]
    let (attention, feedForward) = (layer["self_attn"], layer["mlp"])
    inputNorm = layer["input_layernorm"]
    query = attention["q_proj"]
    key = attention["k_proj"]
    value = attention["v_proj"]
    output = attention["o_proj"]
    postNorm = layer["post_attention_layernorm"]
    gate = feedForward["gate_proj"]
    up = feedForward["up_proj"]
    down = feedForward["down_proj"]
  }

  /// The weights of the first half, in the order of use.
  func attentionWeights(_ c: LlamaConfiguration) -> [BlueprintWeight] {
    let (hidden, queries, keys) = (c.hiddenSize, c.queryWidth, c.keyValueWidth)
    return [.vector(inputNorm.weight, count: hidden)]
      + linear(query, rows: queries, columns: hidden, bias: c.biases.queryKeyValue)
      + linear(key, rows: keys, columns: hidden, bias: c.biases.queryKeyValue)
      + linear(value, rows: keys, columns: hidden, bias: c.biases.queryKeyValue)
      + linear(output, rows: hidden, columns: queries, bias: c.biases.attentionOutput)
  }

  /// The weights of the second half, in the order of use.
  func feedForwardWeights(_ c: LlamaConfiguration) -> [BlueprintWeight] {
    let (hidden, inner) = (c.hiddenSize, c.intermediateSize)
    return [.vector(postNorm.weight, count: hidden)]
      + linear(gate, rows: inner, columns: hidden, bias: c.biases.feedForward)
      + linear(up, rows: inner, columns: hidden, bias: c.biases.feedForward)
      + linear(down, rows: hidden, columns: inner, bias: c.biases.feedForward)
  }

  private func linear(_ name: WeightNames, rows: Int, columns: Int, bias: Bool)
    -> [BlueprintWeight]
  {
    let weight = BlueprintWeight.matrix(name.weight, rows: rows, columns: columns)
    return bias ? [weight, .vector(name.bias, count: rows)] : [weight]
  }
}
