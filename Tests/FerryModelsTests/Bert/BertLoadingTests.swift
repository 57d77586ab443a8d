import FerryCheckpoints
import FerryDevices
import FerryModels
import FerryTensors
import Foundation
import Testing

/// What of a BERT checkpoint is found, what is refused, and by which words.
@Suite struct BertLoadingTests {
  private func fixture(_ name: String) throws -> BertFixture {
    try #require(BertFixture.all.first { $0.name.contains(name) })
  }

  private func load(
    _ fixture: BertFixture, changing changes: [String: String] = [:]
  ) async throws -> LoadedModel {
    let host = try DeviceContext(HostBackend())
    return try await fixture.withFolder(changing: changes) { path in
      try ModelLoader.load(Checkpoint(path: path), on: host)
    }
  }

  @Test func segmentsFollowTheForwardPass() async throws {
    let names = try await load(fixture("first state")).image.layout.segments.map(\.name)
    #expect(
      names == ["embeddings"]
        + (0..<2).flatMap { ["layers.\($0).attention", "layers.\($0).output"] } + ["head"])
  }

  /// The head that a class was trained with stays with the model, and position numbers do not.
  @Test func aNestedEncoderIsFoundUnderItsOldNames() async throws {
    let layout = try await load(fixture("nested")).image.layout
    let names = layout.entries.map(\.name)
    #expect(names.contains("bert.embeddings.LayerNorm.weight"))
    #expect(layout.index(of: "bert.encoder.layer.1.output.LayerNorm.beta") != nil)
    let head = try #require(layout.segments.last)
    let expected: Set = [
      "cls.predictions.bias", "cls.predictions.transform.dense.weight", "bert.pooler.dense.bias",
      "bert.pooler.dense.weight",
    ]
    #expect(head.name == "head" && Set(layout.entries[head.entries].map(\.name)) == expected)
    #expect(!names.contains { $0.hasSuffix("position_ids") })
  }

  @Test func quantizingTakesTheLinearWeights() async throws {
    for (name, prefix) in [("first state", ""), ("nested", "bert.")] {
      let linears = try await fixture(name).withFolder { path in
        try SourceWeights(Checkpoint(path: path)).quantizableLinears
      }
      #expect(linears.count == 2 * 6 + 1)
      #expect(linears.contains("\(prefix)encoder.layer.1.attention.self.query.weight"))
      #expect(linears.last == "\(prefix)pooler.dense.weight")
    }
  }

  @Test func aConfigurationIsWrittenAsItIsRead() throws {
    let document = """
      {"model_type": "bert", "vocab_size": 30522, "hidden_size": 384, "num_hidden_layers": 6,
       "num_attention_heads": 12, "intermediate_size": 1536, "torch_dtype": "float16"}
      """
    let root = try JSONValue(parsing: Array(document.utf8), file: "config.json")
    let configuration = try #require(try BertConfiguration(huggingFace: root))
    #expect(configuration.maximumPositions == 512 && configuration.normEpsilon == 1e-12)
    let written = try BertBlueprint(configuration).huggingFaceConfiguration()
    #expect(try BertConfiguration(huggingFace: written) == configuration)
  }

  @Test(arguments: [
    ("hidden_act", "\"gelu_new\""), ("position_embedding_type", "\"relative_key\""),
    ("is_decoder", "true"), ("num_attention_heads", "5"),
  ])
  func whatIsNotImplementedIsAnErrorThatNamesIt(_ key: String, _ value: String) throws {
    let document = """
      {"\(key)": \(value), "model_type": "bert", "vocab_size": 10, "hidden_size": 48,
       "num_hidden_layers": 1, "num_attention_heads": 3, "intermediate_size": 8}
      """
    // Of two members with one key the first would count; the default one is left out.
    let text =
      key == "num_attention_heads"
      ? document.replacingOccurrences(of: "\"num_attention_heads\": 3, ", with: "") : document
    let root = try JSONValue(parsing: Array(text.utf8), file: "config.json")
    let error = #expect(throws: ModelError.self) { try BertConfiguration(huggingFace: root) }
    #expect(error?.message.contains(key) == true)
  }

  @Test func anEncoderIsNoLanguageModelAndTheOtherWayRound() async throws {
    let encoder = try await load(fixture("first state")).makeModel()
    #expect(throws: ModelError.self) { try encoder.language() }
    let llama = try LlamaFixture.named("llama-plain").withCheckpoint {
      try ModelLoader.load($0, on: DeviceContext(HostBackend())).makeModel()
    }
    #expect(throws: ModelError.self) { try llama.embedder() }
  }
}
