import Foundation
import Testing

/// Every command on every kind of model: what cannot be done says what the model is, and which command takes it.
@Suite struct ModelSkillTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/RealESRGAN")

  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    _ = try TinyModel.write(to: folder("writer"))
    _ = try TinyEncoder.write(to: folder("encoder"))
    for kind in ["writer", "encoder"] {
      try FileManager.default.copyItem(atPath: folder(kind), toPath: folder("mute-\(kind)"))
      for name in ["tokenizer.json", "vocab.txt"] {
        try? FileManager.default.removeItem(atPath: folder("mute-\(kind)/\(name)"))
      }
    }
  }

  private enum Kind: String, CaseIterable { case writer, gguf, encoder, network, graph }

  private func path(_ kind: Kind) -> String {
    switch kind {
    case .writer, .encoder: folder(kind.rawValue)
    case .gguf: TinyModel.gguf
    case .network: Self.fixtures.appendingPathComponent("compact.safetensors").path
    case .graph: Self.fixtures.appendingPathComponent("compact-f32.param").path
    }
  }

  private func arguments(_ command: String, _ path: String) -> [String] {
    switch command {
    case "generate": [command, path, "a", "--raw", "--max-tokens", "1"]
    case "logits": [command, path, "--tokens", "1"]
    case "upscale":
      [
        command, path, Self.fixtures.appendingPathComponent("tiny.png").path, "-o",
        folder("out.png"), "--force",
      ]
    default: [command, path, "a"]
    }
  }

  /// What an error says; nil where there is none.
  private func expectation(_ command: String, _ kind: Kind) -> [String]? {
    switch (command, kind) {
    case ("generate", .writer), ("logits", .writer), ("logits", .gguf): nil
    case ("embed", .encoder), ("tokenize", .writer), ("tokenize", .encoder):
      nil
    case ("upscale", .network), ("upscale", .graph): nil
    // This file has none; it is the right kind of model.
    case ("generate", .gguf), ("tokenize", .gguf): ["holds no tokenizer"]
    case (_, .network), (_, .graph): ["Real-ESRGAN network", "'ferry upscale'"]
    case (_, .encoder): ["is an encoder", "'ferry embed'"]
    default: ["is a language model", "'ferry generate'"]
    }
  }

  @Test(arguments: ["generate", "embed", "tokenize", "logits", "upscale"])
  func matrix(_ command: String) throws {
    for kind in Kind.allCases {
      let process = try CommandLineProcess(arguments(command, path(kind)))
      guard let words = expectation(command, kind) else {
        #expect(process.code == 0, "\(command) \(kind): \(process.errors)")
        continue
      }
      #expect(process.isFailure(1), "\(command) \(kind): \(process.output)")
      for word in words + [path(kind)] {
        #expect(process.errors.contains(word), "\(command) \(kind): \(process.errors)")
      }
    }
  }

  @Test("the kind of a model is told before its lack of a tokenizer")
  func withoutTokenizer() throws {
    let encoder = try CommandLineProcess(["generate", folder("mute-encoder"), "a"])
    #expect(encoder.isFailure(1) && encoder.errors.contains("'ferry embed'"), "\(encoder.errors)")
    let writer = try CommandLineProcess(["embed", folder("mute-writer"), "a"])
    #expect(writer.isFailure(1) && writer.errors.contains("'ferry generate'"), "\(writer.errors)")
    let mute = try CommandLineProcess(["generate", folder("mute-writer"), "a"])
    #expect(mute.isFailure(1) && mute.errors.contains("tokenizer"), "\(mute.errors)")
  }

  @Test("bare weights of another model are no network")
  func bareWeights() throws {
    let process = try CommandLineProcess(
      arguments("upscale", folder("writer/model.safetensors")))
    #expect(process.isFailure(1) && process.errors.contains("not those of a Real-ESRGAN network"))
  }
}
