import FerryCheckpoints
import FerryFormats
import FerryModels
import Foundation
import Synchronization
import Testing

@Suite struct SourceWeightsTests {
  @Test("what quantizing takes is what transformers took")
  func quantizableLinears() throws {
    let plain = try source("llama-plain")
    let quantized = try source("llama-nf4").weights.filter { $0.format.isQuantized }.map(\.name)
    #expect(plain.quantizableLinears.count == 14)
    #expect(Set(plain.quantizableLinears) == Set(quantized))
  }

  @Test("a GGUF file offers Hugging Face's names, in its order of rows, and nothing else")
  func ggufNames() throws {
    for name in ["llama", "qwen2"] {
      let source = try source("gguf-\(name)")
      try source.checkCompleteness()
      #expect(
        source.weights.allSatisfy { $0.name.hasPrefix("model.") || $0.name == "lm_head.weight" })
      let ordered = source.weights.filter { $0.rowOrder != nil }.map(\.name)
      let expected = (0..<2).flatMap { layer in
        ["q", "k"].map { "model.layers.\(layer).self_attn.\($0)_proj.weight" }
      }
      #expect(Set(ordered) == Set(name == "llama" ? expected : []))
      #expect(source.quantizableLinears.count == 14)
    }
  }

  @Test("a configuration made of a GGUF file describes the same model")
  func synthesizedConfiguration() throws {
    for name in ["gguf-llama", "gguf-qwen2"] {
      let blueprint = try #require(try source(name).blueprint as? LlamaBlueprint)
      let written = try blueprint.huggingFaceConfiguration()
      let read = try #require(try LlamaConfiguration(huggingFace: written))
      let fixture = try LlamaFixture.named(name)
      let original = try #require(
        try LlamaConfiguration(
          huggingFace: JSONValue(parsing: [UInt8](fixture.configuration), file: "fixture")))
      #expect(read.rotary == original.rotary)
      #expect(read.windows == original.windows)
      #expect(read.biases == original.biases)
      #expect(read.isTied == original.isTied)
      #expect(read.tokens == .init(begin: 1, end: [2]))
      #expect(read.normEpsilon == original.normEpsilon)
      #expect(read.headSize == original.headSize)
    }
  }

  @Test("reading gives the stored elements of a plain weight")
  func readsElements() throws {
    let source = try source("llama-plain")
    let weight = try #require(source["model.norm.weight"])
    #expect(weight.elementType == .bf16)
    var bits = [UInt16](repeating: 0, count: 48)
    try bits.withUnsafeMutableBytes { try source.read(weight, into: $0) }
    let stored = try source.checkpoint.bytes(
      of: source.checkpoint.tensors[try #require(source.checkpoint.tensor(named: weight.name))])
    #expect(bits.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } == stored)
  }

  @Test func unknownFamiliesOfferEverythingAsItIs() throws {
    let fixture = try LlamaFixture.named("llama-plain")
    let source = try SourceWeights(Checkpoint(path: fixture.weights.path))
    #expect(source.blueprint == nil)
    #expect(source.quantizableLinears.isEmpty)
    #expect(source.weights.map(\.name) == source.checkpoint.weights.map(\.name))
    try source.checkCompleteness()
  }

  /// The files are read again for what tests read, so GGUF and bare files come from the fixtures and
  /// folders are kept for the life of the process.
  private func source(_ name: String) throws -> SourceWeights {
    let fixture = try LlamaFixture.named(name)
    if fixture.weights.pathExtension == "gguf" {
      return try SourceWeights(Checkpoint(path: fixture.weights.path))
    }
    let folder = try TemporaryModelFolder(
      configuration: fixture.configuration, weights: fixture.weights)
    Self.folders.withLock { $0.append(folder) }
    return try SourceWeights(Checkpoint(path: folder.url.path))
  }

  private static let folders = Mutex<[TemporaryModelFolder]>([])
}
