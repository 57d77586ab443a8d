package import FerryCheckpoints
package import FerryTensors

/// A model of a known family before its weights are found: which weights it has, of which shapes, in
/// which order it needs them.
package protocol ModelBlueprint: Sendable {
  /// The segments in the order of the forward pass.
  var segments: [BlueprintSegment] { get }

  /// The names of the weights that quantizing takes unless told otherwise: those of the linear layers,
  /// without the head, embeddings and whatever is tied.
  var quantizableWeights: [String] { get }

  /// A configuration (`config.json`) that Hugging Face tools load; an error where their configurations
  /// have no words for the model.
  func huggingFaceConfiguration() throws(ModelError) -> JSONValue

  /// The generation defaults (`generation_config.json`) that go with it.
  var generationConfiguration: JSONValue { get }

  /// What the metadata of a safetensors file say of the model besides.
  var fileMetadata: [(key: String, value: String)] { get }

  /// The blueprint that these weights bear out: a head that is there and is not the embedding's is not
  /// tied, whatever the configuration says.
  func adapted(to source: SourceWeights) throws -> Self

  /// The model over weights laid out by ``ModelLoader``.
  func makeModel(_ layout: WeightLayout, quantization: QuantizationConfiguration?) throws
    -> RunnableModel
}

extension ModelBlueprint {
  /// Nothing.
  package var fileMetadata: [(key: String, value: String)] { [] }
}

/// Weights that a forward pass needs together.
package struct BlueprintSegment: Sendable {
  /// A name for people ("layers.3").
  package var name: String
  /// The weights, in the order of use.
  package var weights: [BlueprintWeight]

  package init(_ name: String, _ weights: [BlueprintWeight]) {
    self.name = name
    self.weights = weights
  }
}

/// A weight that a model asks for.
package struct BlueprintWeight: Sendable {
  /// The names under which it may be stored, the canonical one first; several for tied weights.
  package var names: [String]
  /// Its logical extents.
  package var shape: [Int]
  /// Whether it may be quantized: biases and norms may not.
  package var mayBeQuantized: Bool

  package init(_ names: [String], shape: [Int], mayBeQuantized: Bool) {
    self.names = names
    self.shape = shape
    self.mayBeQuantized = mayBeQuantized
  }

  /// A matrix of a linear layer or an embedding: [rows, columns].
  package static func matrix(_ names: String..., rows: Int, columns: Int) -> BlueprintWeight {
    BlueprintWeight(names, shape: [rows, columns], mayBeQuantized: true)
  }

  /// A bias or the scales of a norm: [count].
  package static func vector(_ name: String, count: Int) -> BlueprintWeight {
    BlueprintWeight([name], shape: [count], mayBeQuantized: false)
  }
}
