import FerryCheckpoints
import FerryFormats
import FerryModels
import Testing

@Suite struct LlamaConfigurationTests {
  static let sizes = """
    "vocab_size": 96, "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 3,
    "num_attention_heads": 6
    """

  @Test func bothSpellingsOfTransformersAreTheSame() throws {
    let five = try configuration(
      """
      "model_type": "llama", "num_key_value_heads": 2, "dtype": "bfloat16", "eos_token_id": 2,
      "max_position_embeddings": 131072,
      "rope_parameters": {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0,
        "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
      """)
    let four = try configuration(
      """
      "model_type": "llama", "num_key_value_heads": 2, "torch_dtype": "bfloat16",
      "eos_token_id": [2], "max_position_embeddings": 131072, "rope_theta": 5e5,
      "rope_scaling": {"type": "llama3", "factor": 8, "low_freq_factor": 1,
        "high_freq_factor": 4, "original_max_position_embeddings": 8192}
      """)
    #expect(five == four)
    #expect(five.rotary.theta == 500_000)
    #expect(five.elementType == .bf16)
    #expect(
      five.rotary.scaling
        == .llama3(Llama3Scaling(factor: 8, low: 1, high: 4, originalPositions: 8192)))
  }

  @Test("what is absent takes transformers' default for the model type")
  func defaults() throws {
    let llama = try configuration(#""model_type": "llama""#)
    #expect(llama.keyValueHeadCount == 6)
    #expect(llama.maximumPositions == 2048)
    #expect(llama.rotary.theta == 10_000)
    #expect(llama.normEpsilon == 1e-6)
    #expect(llama.windows == [nil, nil, nil])
    #expect(!llama.isTied)
    let mistral = try configuration(#""model_type": "mistral", "num_key_value_heads": 2"#)
    #expect(mistral.windows == [4096, 4096, 4096])
    #expect(mistral.maximumPositions == 131_072)
    let qwen = try configuration(#""model_type": "qwen2", "num_key_value_heads": null"#)
    #expect(qwen.keyValueHeadCount == 6)
    #expect(qwen.maximumPositions == 32_768)
    #expect(qwen.biases == .init(queryKeyValue: true))
    #expect(qwen.windows == [nil, nil, nil])
  }

  @Test func aNullWindowIsNoWindow() throws {
    let mistral = try configuration(
      #""model_type": "mistral", "num_key_value_heads": 2, "sliding_window": null"#)
    #expect(mistral.windows == [nil, nil, nil])
  }

  @Test func windowsOfQwenAreThoseOfItsLayers() throws {
    let start = """
      "model_type": "qwen2", "num_key_value_heads": 2, "use_sliding_window": true,
      "sliding_window": 7
      """
    #expect(try configuration(start + #", "max_window_layers": 1"#).windows == [nil, 7, 7])
    let types = #"["sliding_attention", "full_attention", "sliding_attention"]"#
    #expect(try configuration(start + #", "layer_types": \#(types)"#).windows == [7, nil, 7])
    #expect(throws: ModelError.self) {
      try configuration(start + #", "layer_types": ["full_attention"]"#)
    }
  }

  @Test func endTokensMayBeSeveralOrNone() throws {
    let several = try configuration(
      #""model_type": "llama", "eos_token_id": [5, 9], "bos_token_id": 1"#)
    #expect(several.tokens == .init(begin: 1, end: [5, 9]))
    #expect(try configuration(#""model_type": "llama", "eos_token_id": null"#).tokens.end == [])
  }

  @Test(
    "what is not implemented is an error, never a default",
    arguments: [
      #""hidden_act": "gelu""#, #""hidden_act": "relu2""#,
      #""rope_scaling": {"rope_type": "longrope", "factor": 2}"#,
      #""rope_parameters": {"rope_type": "proportional", "rope_theta": 1e4}"#,
      #""rope_scaling": {"type": "su"}"#, #""partial_rotary_factor": 0.5"#,
      #""rope_parameters": {"rope_type": "default", "partial_rotary_factor": 0.25}"#,
      #""architectures": ["LlamaForSequenceClassification"]"#,
    ])
  func unsupported(_ member: String) throws {
    let error = #expect(throws: ModelError.self) {
      try configuration(#""model_type": "llama", \#(member)"#)
    }
    #expect(error?.code == .unsupported)
  }

  @Test(
    "numbers that cannot be are errors",
    arguments: [
      #""num_key_value_heads": 4"#, #""num_key_value_heads": 0"#, #""head_dim": 7"#,
      #""rope_theta": 0"#, #""rope_theta": "1e4""#, #""max_position_embeddings": -1"#,
      #""rope_scaling": {"type": "linear"}"#, #""rope_scaling": {"type": "linear", "factor": 0}"#,
      #""rope_scaling": {"type": "llama3", "factor": 8}"#, #""eos_token_id": "end""#,
      #""head_dim": 2000000000"#, #""tie_word_embeddings": 1"#, #""rms_norm_eps": "small""#,
      #""rope_scaling": {"type": "dynamic", "factor": 1e300}"#,
    ])
  func malformed(_ member: String) throws {
    let error = #expect(throws: ModelError.self) {
      try configuration(#""model_type": "llama", \#(member)"#)
    }
    #expect(error?.code == .malformed)
  }

  @Test func enormousLayerCountsAreRefused() throws {
    let text = """
      {"model_type": "llama", "vocab_size": 96, "hidden_size": 48, "intermediate_size": 80,
       "num_hidden_layers": 900000000, "num_attention_heads": 6}
      """
    #expect(throws: ModelError.self) {
      try LlamaConfiguration(huggingFace: JSONValue(parsing: Array(text.utf8), file: "test"))
    }
  }

  @Test func otherFamiliesAreNotRecognised() throws {
    let value = try JSONValue(parsing: Array(#"{"model_type": "bert"}"#.utf8), file: "test")
    #expect(try LlamaConfiguration(huggingFace: value) == nil)
  }

  @Test(
    "a configuration written for Hugging Face reads back as the same",
    arguments: [
      #""rope_scaling": null"#, #""rope_scaling": {"type": "linear", "factor": 2.5}"#,
      #""rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 512}"#,
      #""rope_scaling": {"type": "dynamic", "factor": 2}, "attention_bias": true, "mlp_bias": true"#,
    ])
  func writtenConfigurationReadsBack(_ members: String) throws {
    let configuration = try configuration(
      #""model_type": "llama", "torch_dtype": "float16", "eos_token_id": [1, 2], \#(members)"#)
    let written = try LlamaBlueprint(configuration).huggingFaceConfiguration()
    let bytes = Array(written.serialized(.indented).utf8)
    let read = try LlamaConfiguration(huggingFace: JSONValue(parsing: bytes, file: "test"))
    #expect(read == configuration)
  }

  private func configuration(_ members: String) throws -> LlamaConfiguration {
    let text = "{\(Self.sizes), \(members)}"
    let value = try JSONValue(parsing: Array(text.utf8), file: "test")
    return try #require(try LlamaConfiguration(huggingFace: value))
  }
}
