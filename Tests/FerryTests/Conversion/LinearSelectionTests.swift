import Foundation
import Testing

/// What `quantize` takes of models whose configuration or names say what their weights are.
@Suite struct LinearSelectionTests {
  /// The names that were quantized, and the list of modules that stay plain.
  private func quantize(
    _ shapes: KeyValuePairs<String, [Int]>, _ configuration: String, _ options: [String] = [],
    format: String = "nf4"
  ) throws -> (names: Set<String>, listed: [String]?) {
    let folder = try TestFolder()
    try TensorFile.writeFolder(shapes, configuration: configuration, to: folder("model"))
    let report = try CommandLineProcess(
      ["quantize", folder("model"), "-o", folder("q"), "--format", format, "--json"] + options
    ).document()
    let config = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder("q/config.json"))))
    let section = (config as? [String: Any])?["quantization_config"] as? [String: Any]
    return (
      Set(try #require(report["quantized"] as? [String])),
      section?["llm_int8_skip_modules"] as? [String]
    )
  }

  @Test("embeddings, position tables and relative biases stay plain, and are on no list")
  func tablesStayPlain() throws {
    let taken = try quantize(
      [
        "shared.weight": [32, 64], "lm_head.weight": [32, 64],
        "encoder.block.0.layer.0.SelfAttention.q.weight": [64, 64],
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight": [8, 4],
        "encoder.block.0.layer.1.DenseReluDense.wi.weight": [64, 64],
        "encoder.block.0.layer.1.DenseReluDense.wo.weight": [64, 64],
      ], #"{"model_type": "t5", "architectures": ["T5ForConditionalGeneration"]}"#, ["--all"])
    // transformers keeps `wo` in f32.
    #expect(
      taken.names == [
        "encoder.block.0.layer.0.SelfAttention.q.weight",
        "encoder.block.0.layer.1.DenseReluDense.wi.weight",
      ])
    #expect(taken.listed == nil)
  }

  @Test(
    "a head that transformers would replace stays plain and is listed",
    arguments: [
      ("BertForSequenceClassification", "classifier", [3, 64]),
      ("BertForTokenClassification", "classifier", [9, 64]),
      ("BertForQuestionAnswering", "qa_outputs", [2, 64]),
      ("BertForNextSentencePrediction", "cls.seq_relationship", [2, 64]),
    ], ["nf4", "int8"])
  func headsAreListed(_ head: (name: String, module: String, shape: [Int]), format: String) throws {
    let taken = try quantize(
      [
        "bert.embeddings.word_embeddings.weight": [32, 64],
        "bert.encoder.layer.0.attention.self.query.weight": [64, 64],
        "bert.pooler.dense.weight": [64, 64], "\(head.module).weight": head.shape,
        "\(head.module).bias": [head.shape[0]],
      ], #"{"model_type": "bert", "is_decoder": true, "architectures": ["\#(head.name)"]}"#,
      ["--all"], format: format)
    #expect(
      taken.names == [
        "bert.encoder.layer.0.attention.self.query.weight", "bert.pooler.dense.weight",
      ])
    #expect(taken.listed == [head.module])
  }

  @Test("the head's inner layer is quantized, the tied decoder is not")
  func tiedHead() throws {
    let taken = try quantize(
      [
        "bert.encoder.layer.0.attention.self.query.weight": [64, 64],
        "cls.predictions.transform.dense.weight": [64, 64],
        "cls.predictions.decoder.weight": [32, 64],
      ],
      #"{"model_type": "bert", "is_decoder": true, "architectures": ["BertForMaskedLM"]}"#,
      ["--all", "--skip", "*transform*"])
    #expect(taken.names == ["bert.encoder.layer.0.attention.self.query.weight"])
    // With a list, what transformers leaves plain by itself has to be on it too.
    #expect(taken.listed == ["cls.predictions.decoder", "cls.predictions.transform.dense"])
  }

  @Test("without `architectures`, and without the wrapper's prefix, the type says what weights are")
  func baseModelsAndMissingClasses() throws {
    for prefix in ["", "model."] {
      let taken = try quantize(
        [
          "\(prefix)layers.0.self_attn.q_proj.weight": [64, 64],
          "\(prefix)embed_tokens.weight": [32, 64],
        ], #"{"model_type": "qwen3"}"#, ["--all"])
      #expect(taken.names == ["\(prefix)layers.0.self_attn.q_proj.weight"])
      #expect(taken.listed == nil)
    }
  }

  @Test("the slices of experts are no linear layers, and are not listed one by one")
  func experts() throws {
    let taken = try quantize(
      [
        "model.layers.0.self_attn.q_proj.weight": [64, 64],
        "model.layers.0.block_sparse_moe.gate.weight": [4, 64],
        "model.layers.0.block_sparse_moe.experts.0.w1.weight": [64, 64],
      ], #"{"model_type": "mixtral", "architectures": ["MixtralForCausalLM"]}"#, ["--all"])
    #expect(taken.names == ["model.layers.0.self_attn.q_proj.weight"])
    #expect(taken.listed == nil)
  }

  @Test("of an unknown type, what can hardly be anything else is quantized, the rest is listed")
  func unknownTypes() throws {
    let taken = try quantize(
      [
        "net.embed.weight": [32, 64], "net.layers.0.attn.q_proj.weight": [64, 64],
        "net.layers.0.mixer.weight": [128, 64], "net.layers.0.mixer.bias": [128],
        "net.layers.0.gate.weight": [4, 64], "net.layers.0.experts.0.q_proj.weight": [64, 64],
        "net.layers.0.conv.c_proj.weight": [64, 64], "net.layers.0.conv.c_proj.bias": [64],
        "net.layers.0.norm.weight": [64], "head.weight": [32, 64], "head.bias": [32],
      ], #"{"model_type": "nobody-knows"}"#, ["--all"])
    #expect(
      taken.names == ["net.layers.0.attn.q_proj.weight", "net.layers.0.mixer.weight"])
    #expect(
      taken.listed == [
        "lm_head", "head", "net.embed", "net.layers.0.conv.c_proj", "net.layers.0.experts",
        "net.layers.0.gate",
      ])
  }

  @Test("a name on the list that ends another module's name keeps that plain too")
  func listedNamesMatchNothingElse() throws {
    let taken = try quantize(
      [
        "q_proj.weight": [64, 64], "net.layers.0.q_proj.weight": [64, 64],
        "net.layers.0.k_proj.weight": [64, 64],
      ], #"{"model_type": "nobody-knows"}"#, ["--all", "--skip", "q_proj.weight"])
    #expect(taken.names == ["net.layers.0.k_proj.weight"])
    #expect(taken.listed == ["lm_head", "q_proj"])
  }

  @Test(
    "of an encoder and a decoder, the heads on the list are those of the decoder's own type",
    arguments: [
      ("trocr", "decoder.model.decoder.layers.0.fc1", "decoder.output_projection"),
      ("mbart", "decoder.model.decoder.layers.0.fc1", "decoder.lm_head"),
      ("gpt2", "decoder.transformer.h.0.mlp.c_fc", "decoder.lm_head"),
      (
        "roberta", "decoder.roberta.encoder.layer.0.intermediate.dense", "decoder.lm_head.decoder"
      ),
    ])
  func headsOfDecoders(_ type: String, _ layer: String, _ head: String) throws {
    for isStored in [true, false] {
      let taken = try quantize(
        [
          "encoder.encoder.layer.0.intermediate.dense.weight": [64, 64],
          "\(layer).weight": [64, 64],
          (isStored ? "\(head).weight" : "decoder.norm.weight"): isStored ? [32, 64] : [64],
        ],
        #"{"model_type": "vision-encoder-decoder", "encoder": {"model_type": "vit"}, "#
          + #""decoder": {"model_type": "\#(type)"}}"#, ["--all"])
      #expect(
        taken.names == [
          "encoder.encoder.layer.0.intermediate.dense.weight", "\(layer).weight",
        ])
      #expect(try #require(taken.listed).contains(head))
      #expect(taken.listed?.contains("decoder.cls.predictions.decoder") == false)
    }
  }

  @Test(
    "a decoder of a type that nobody knows, or whose head is not known, is refused",
    arguments: ["nobody-knows", "musicgen_decoder"])
  func unknownDecoders(_ type: String) throws {
    let folder = try TestFolder()
    try TensorFile.writeFolder(
      ["encoder.encoder.layer.0.intermediate.dense.weight": [64, 64]],
      configuration: #"{"model_type": "encoder-decoder", "encoder": {"model_type": "bert"}, "#
        + #""decoder": {"model_type": "\#(type)"}}"#, to: folder("model"))
    let process = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "nf4", "--all",
    ])
    #expect(process.isFailure(1))
    #expect(process.errors.contains("decoder is of the type '\(type)'"))
    #expect(folder.names == ["model"])
  }

  @Test("what is computed from a stored weight is listed, and not called as that is")
  func splitWeights() throws {
    let taken = try quantize(
      [
        "encoder.layer.0.attention.attention.query.weight": [64, 64],
        "encoder.layer.0.mlp.weights_in.weight": [128, 64],
        "encoder.layer.0.mlp.weights_out.weight": [64, 64],
      ], #"{"model_type": "dinov2", "use_swiglu_ffn": true}"#, ["--all"])
    #expect(
      taken.names == [
        "encoder.layer.0.attention.attention.query.weight",
        "encoder.layer.0.mlp.weights_out.weight",
      ])
    #expect(
      try #require(taken.listed).contains(#"(?:.*\.)?encoder\.layer\.\d+\.mlp\.gate_proj"#))
  }

  @Test("a layer that stays plain in a part of another type is listed as it is called when it runs")
  func renamedParts() throws {
    let stored = "language_model.model.layers.0.mlp"
    let taken = try quantize(
      ["\(stored).fc1.weight": [64, 64], "\(stored).fc2.weight": [64, 64]],
      #"{"model_type": "llava", "text_config": {"model_type": "phi"}}"#,
      ["--all", "--skip", "*fc1*"])
    #expect(taken.names == ["\(stored).fc2.weight"])
    #expect(
      taken.listed == ["lm_head", "language_model.layers.0.mlp.fc1", "\(stored).fc1"])
  }

  @Test("a base model within a wrapper that the table does not have is quantized")
  func otherWrappers() throws {
    let taken = try quantize(
      [
        "text_model.encoder.layers.0.mlp.fc1.weight": [64, 64],
        "text_model.embeddings.token_embedding.weight": [32, 64],
        "text_projection.weight": [32, 64],
      ],
      #"{"model_type": "clip_text_model", "architectures": ["CLIPTextModelWithProjection"]}"#,
      ["--all"])
    #expect(taken.names == ["text_model.encoder.layers.0.mlp.fc1.weight"])
    #expect(try #require(taken.listed).contains("text_projection"))
  }

  @Test("classes whose experts transformers takes apart are refused")
  func rebuiltExperts() throws {
    let folder = try TestFolder()
    try TensorFile.writeFolder(
      ["model.layers.0.self_attn.q_proj.weight": [64, 64]],
      configuration: #"{"model_type": "llama4_text", "architectures": ["Llama4ForCausalLM"]}"#,
      to: folder("model"))
    let process = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "nf4", "--all",
    ])
    #expect(process.isFailure(1) && process.errors.contains("Llama4ForCausalLM"))
    #expect(folder.names == ["model"])
  }
}
