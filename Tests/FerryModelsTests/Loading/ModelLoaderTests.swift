import FerryCheckpoints
import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryModels
import FerryTensors
import Foundation
import Testing

@Suite struct ModelLoaderTests {
  @Test("a checkpoint whose bytes are as memory holds them is mapped, not copied")
  func safetensorsAreMapped() throws {
    for name in ["llama-plain", "llama-nf4-nested", "llama-int8", "llama-nf4-bf16-storage"] {
      try withModel(name) { model, host in
        #expect(model.image.storage == .mapped)
        #expect(model.image.isComplete)
        #expect(host.bytesInUse == 0)
      }
    }
  }

  @Test func blockEncodingsAreDecodedIntoMemory() throws {
    try withModel("gguf-llama") { model, host in
      let layout = model.image.layout
      #expect(model.image.storage == .pageable)
      #expect(host.bytesInUse == layout.imageByteCount)
      let query = try #require(layout.index(of: "model.layers.1.self_attn.q_proj.weight"))
      #expect(layout.entries[query].format == .plain(.f32))
      let key = try #require(layout.index(of: "model.layers.1.self_attn.k_proj.weight"))
      #expect(layout.entries[key].format == .plain(.f16))
    }
  }

  @Test func segmentsFollowTheForwardPass() throws {
    try withModel("llama-nf4") { model, _ in
      let layout = model.image.layout
      #expect(
        layout.segments.map(\.name) == [
          "embedding", "layers.0.self_attn", "layers.0.mlp", "layers.1.self_attn", "layers.1.mlp",
          "head",
        ])
      #expect(
        layout.entries[layout.segments[5].entries].map(\.name) == [
          "model.norm.weight", "lm_head.weight",
        ])
      #expect(layout.entries[layout.segments[1].entries].count == 5)
      #expect(layout.entries[layout.segments[2].entries].count == 4)
      let down = try #require(layout.index(of: "model.layers.0.mlp.down_proj.weight"))
      #expect(layout.entries[down].format == .fourBit(FourBitFormat(.nf4, blockSize: 64)))
      #expect(layout.entries[down].shape == [48, 82])
    }
  }

  @Test func tiedHeadsAreOneEntry() throws {
    try withModel("qwen2-full") { model, _ in
      let layout = model.image.layout
      let embedding = try #require(layout.index(of: "model.embed_tokens.weight"))
      #expect(layout.index(of: "lm_head.weight") == embedding)
      #expect(layout.entries[embedding].segment == 0)
      #expect(layout.entries[layout.segments[5].entries].count == 1)
    }
  }

  @Test func equalTablesOfASegmentAreHeldOnce() throws {
    try withModel("llama-nf4-nested") { model, _ in
      let segment = model.image.layout.segments[1]
      #expect(segment.parts.filter { $0.role == .nestedTable }.count == 1)
      #expect(segment.parts.filter { $0.role == .nestedAbsmax }.count == 4)
    }
  }

  @Test("without a family the segments follow the file")
  func unknownFamily() throws {
    let fixture = try LlamaFixture.named("llama-nf4")
    try withContext { host in
      let checkpoint = try Checkpoint(path: fixture.weights.path)
      let image = try ModelLoader.loadWeights(checkpoint, on: host)
      #expect(image.layout.segments.count == 1)
      #expect(image.layout.entries.map(\.name) == checkpoint.weights.map(\.name))
      #expect(image.storage == .mapped)
      let error = #expect(throws: ModelError.self) { try ModelLoader.load(checkpoint, on: host) }
      #expect(error?.code == .unknownFamily)
    }
  }

  @Test(
    "a configuration that is not the weights' is one precise error",
    arguments: [
      (#""num_hidden_layers":2"#, #""num_hidden_layers":3"#, ModelError.Code.missingWeight),
      (#""num_hidden_layers":2"#, #""num_hidden_layers":1"#, .unexpectedWeight),
      (#""intermediate_size":82"#, #""intermediate_size":84"#, .wrongShape),
      (#""num_key_value_heads":2"#, #""num_key_value_heads":3"#, .wrongShape),
      (#""attention_bias":false"#, #""attention_bias":true"#, .missingWeight),
      (#""model_type":"llama""#, #""model_type":"gpt2""#, .unknownFamily),
    ])
  func mismatches(_ right: String, _ wrong: String, _ code: ModelError.Code) throws {
    try withCheckpoint("llama-plain", replacing: right, by: wrong) { checkpoint in
      try withContext { host in
        let error = #expect(throws: ModelError.self) { try ModelLoader.load(checkpoint, on: host) }
        #expect(error?.code == code)
        #expect(error?.message.isEmpty == false)
        // It can move all the same.
        let image = try ModelLoader.loadWeights(checkpoint, on: host)
        #expect(image.layout.entries.count == checkpoint.weights.count)
      }
    }
  }

  @Test("a stored head that is not the embedding is not tied, whatever the configuration says")
  func storedHeadWins() throws {
    let (untied, tied) = (#""tie_word_embeddings":false"#, #""tie_word_embeddings":true"#)
    try withCheckpoint("llama-plain", replacing: untied, by: tied) { checkpoint in
      try withContext { host in
        let layout = try ModelLoader.load(checkpoint, on: host).image.layout
        #expect(layout.index(of: "lm_head.weight") != layout.index(of: "model.embed_tokens.weight"))
      }
    }
  }

  private func withModel(_ name: String, _ body: (LoadedModel, DeviceContext) throws -> Void) throws
  {
    let fixture = try LlamaFixture.named(name)
    try withContext { host in
      try fixture.withCheckpoint { try body(ModelLoader.load($0, on: host), host) }
    }
  }

  private func withContext(_ body: (DeviceContext) throws -> Void) throws {
    try TestDevices.withContext(on: .cpu, body)
  }

  private func withCheckpoint(
    _ name: String, replacing right: String, by wrong: String, _ body: (Checkpoint) throws -> Void
  ) throws {
    let fixture = try LlamaFixture.named(name)
    let text = String(decoding: fixture.configuration, as: UTF8.self)
    #expect(text.contains(right))
    let changed = Data(text.replacingOccurrences(of: right, with: wrong).utf8)
    let folder = try TemporaryModelFolder(configuration: changed, weights: fixture.weights)
    try body(Checkpoint(path: folder.url.path))
  }
}
