import FerryCheckpoints
import FerryModels
import Testing

@Suite struct LlamaGGUFConfigurationTests {
  static let llama: [String: GGUFMetadata.Value] = [
    "general.architecture": .string("llama"), "llama.block_count": .int(2),
    "llama.context_length": .int(131_072), "llama.embedding_length": .int(64),
    "llama.feed_forward_length": .int(96), "llama.attention.head_count": .int(4),
    "llama.attention.head_count_kv": .int(2), "llama.rope.freq_base": .float(500_000),
    "llama.attention.layer_norm_rms_epsilon": .float(1e-5), "llama.vocab_size": .int(32),
    "tokenizer.ggml.bos_token_id": .int(1), "tokenizer.ggml.eos_token_id": .int(2),
  ]

  @Test func readsWhatTheFileSays() throws {
    let read = try #require(try configuration(Self.llama))
    #expect(read.family == .llama)
    #expect(read.headSize == 16)
    #expect(read.keyValueHeadCount == 2)
    #expect(read.rotary.theta == 500_000)
    #expect(read.isTied)
    #expect(read.tokens == .init(begin: 1, end: [2]))
    #expect(try #require(try configuration(Self.llama, tensors: ["output.weight"])).isTied == false)
  }

  @Test func otherArchitecturesAreNotRecognised() throws {
    #expect(try configuration(["general.architecture": .string("bert")]) == nil)
  }

  @Test func biasesAreThoseOfTheTensors() throws {
    let read = try configuration(Self.llama, tensors: ["blk.0.attn_q.bias", "blk.0.ffn_gate.bias"])
    #expect(read?.biases == .init(queryKeyValue: true, feedForward: true))
  }

  @Test(
    "what is not implemented is an error",
    arguments: [
      ("llama.expert_count", GGUFMetadata.Value.int(8)), ("llama.rope.dimension_count", .int(8)),
      ("llama.rope.scaling.type", .string("longrope")), ("llama.attention.value_length", .int(8)),
      ("llama.feed_forward_length", .ints([96, 64])),
      // What llama.cpp's keys change in other architectures.
      ("llama.logit_scale", .float(0.5)), ("llama.residual_scale", .float(0.2)),
      ("llama.embedding_scale", .float(12)), ("llama.attention.scale", .float(0.1)),
      ("llama.attention.clamp_kqv", .float(8)), ("llama.attn_logit_softcapping", .float(50)),
      ("llama.final_logit_softcapping", .float(30)), ("llama.attention.causal", .bool(false)),
      ("llama.attention.sliding_window_pattern", .int(2)),
      ("llama.rope.freq_base_swa", .float(1e4)),
      ("llama.rope.dimension_sections", .ints([1, 1, 2])),
      ("llama.use_parallel_residual", .bool(true)),
      ("llama.attention.temperature_scale", .float(0.1)),
      ("llama.rope.scaling.attn_factor", .float(2)),
      ("llama.rope.scaling.yarn_log_multiplier", .float(0.1)), ("llama.unheard_of", .int(1)),
    ])
  func unsupported(_ key: String, _ value: GGUFMetadata.Value) throws {
    let error = #expect(throws: ModelError.self) {
      try configuration(Self.llama.merging([key: value]) { $1 })
    }
    #expect(error?.code == .unsupported)
  }

  @Test(arguments: [
    ("llama.rope.freq_base", GGUFMetadata.Value.string("1e4")),
    ("llama.rope.scaling.type", .int(1)),
    ("llama.rope.scaling.factor", .string("4")),
    ("llama.attention.layer_norm_rms_epsilon", .bool(true)), ("llama.rope.freq_base", .float(.nan)),
  ])
  func aValueOfTheWrongKindIsNoDefault(_ key: String, _ value: GGUFMetadata.Value) throws {
    let linear = ["llama.rope.scaling.type": GGUFMetadata.Value.string("linear")]
    let error = #expect(throws: ModelError.self) {
      try configuration(Self.llama.merging(linear) { $1 }.merging([key: value]) { $1 })
    }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains(key) == true)
  }

  @Test func keysWithoutEffectAreAccepted() throws {
    let plain = try configuration(Self.llama)
    let more: [String: GGUFMetadata.Value] = [
      "llama.rope.scaling.finetuned": .bool(true), "llama.attention.causal": .bool(true),
      "llama.tensor_data_layout": .string("Meta AI original pth"), "llama.expert_count": .int(0),
      "llama.expert_used_count": .int(0), "llama.use_parallel_residual": .bool(false),
      "general.size_label": .string("135M"), "qwen2.logit_scale": .float(3),
    ]
    #expect(try configuration(Self.llama.merging(more) { $1 }) == plain)
  }

  @Test func aMissingKeyIsNamed() throws {
    var metadata = Self.llama
    metadata["llama.block_count"] = nil
    let error = #expect(throws: ModelError.self) { try configuration(metadata) }
    #expect(error?.message.contains("llama.block_count") == true)
  }

  @Test func linearAndYarnScalings() throws {
    var metadata = Self.llama
    metadata["llama.rope.scaling.type"] = .string("linear")
    metadata["llama.rope.scaling.factor"] = .float(4)
    #expect(try configuration(metadata)?.rotary.scaling == .linear(factor: 4))
    metadata["llama.rope.scaling.type"] = .string("yarn")
    metadata["llama.rope.scaling.original_context_length"] = .int(4096)
    #expect(
      try configuration(metadata)?.rotary.scaling
        == .yarn(YarnScaling(factor: 4, originalPositions: 4096)))
  }

  @Test(
    "rope_freqs become the parameters of Llama 3's scaling again",
    arguments: [
      Llama3Scaling(factor: 32, low: 1, high: 4, originalPositions: 8192),
      Llama3Scaling(factor: 8, low: 1, high: 4, originalPositions: 8192),
      Llama3Scaling(factor: 4, low: 1, high: 8, originalPositions: 1024),
    ])
  func factorsAreUnderstood(_ scaling: Llama3Scaling) throws {
    let plain = RotaryEmbedding(theta: 500_000, headSize: 128, maximumPositions: 131_072)
    let factors = scaling.factors(of: plain)
    #expect(Llama3Scaling(reproducing: factors, of: plain) == scaling)
    var scrambled = factors
    scrambled.swapAt(0, 63)
    #expect(Llama3Scaling(reproducing: scrambled, of: plain) == nil)
    var (exact, stored) = (plain, plain)
    exact.scaling = .llama3(scaling)
    stored.scaling = .factors(factors)
    let error = stored.frequencies(length: 1).error(to: exact.frequencies(length: 1))
    #expect(error < 1e-6)
  }

  private func configuration(
    _ metadata: [String: GGUFMetadata.Value], tensors: Set<String> = []
  ) throws -> LlamaConfiguration? {
    try LlamaConfiguration(gguf: GGUFMetadata(values: metadata), rotaryFactors: nil) {
      tensors.contains($0) ? 1 : nil
    }
  }
}
