import Ferry
import FerryDeviceTesting
import Foundation
import Testing

@Suite struct EmbedCommandTests {
  @Test func vectorsAreThoseOfTheReferenceOnEveryDevice() throws {
    let folder = try TestFolder()
    let expected = try TinyEncoder.write(to: folder("model"))
    for device in TestDevices.available {
      let document = try CommandLineProcess(
        ["embed", folder("model"), "--json", "--device", "\(device)", "--"] + expected.texts
      ).document()
      #expect(document["dimensions"] as? Int == 48)
      #expect(document["tokens"] as? [Int] == expected.counts)
      let seconds = try #require(document["seconds"] as? [String: Double])
      #expect(Set(seconds.keys) == ["load", "embed"] && seconds.values.allSatisfy { $0 > 0 })
      let vectors = try #require(document["embeddings"] as? [[Double]])
      #expect(distance(vectors, expected.vectors) < 1e-5, "\(device)")
    }
  }

  /// The quantized folder has everything that an encoder needs, and gives what its decoded weights give.
  @Test(arguments: ["nf4", "fp4", "int8"])
  func aQuantizedEncoderEmbedsLikeItsDecodedWeights(_ format: String) throws {
    let folder = try TestFolder()
    let (texts, _, plain) = try TinyEncoder.write(to: folder("model"))
    let report = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", format, "--json",
    ]).document()
    #expect((report["quantized"] as? [String])?.count == 13)
    _ = try CommandLineProcess([
      "dequantize", folder("q"), "-o", folder("full"), "--dtype", "f32", "--json",
    ]).document()
    func vectors(_ name: String, _ device: Device) throws -> [[Double]] {
      let arguments = ["embed", folder(name), "--json", "--device", "\(device)", "--"] + texts
      return try #require(
        try CommandLineProcess(arguments).document()["embeddings"] as? [[Double]])
    }
    let decoded = try vectors("full", .cpu)
    for device in TestDevices.available {
      let quantized = try vectors("q", device)
      // LLM.int8 rounds activations too.
      #expect(distance(quantized, decoded) < (format == "int8" ? 0.1 : 1e-5), "\(device)")
      #expect(distance(quantized, plain) > 1e-4)
    }
  }

  @Test func peopleSeeLengthsAndCosines() throws {
    let folder = try TestFolder()
    let (texts, _, _) = try TinyEncoder.write(to: folder("model"))
    let process = try CommandLineProcess(["embed", folder("model"), texts[0], texts[0], texts[1]])
    let lines = process.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(process.code == 0 && lines.count == 9, "\(process.output)")
    #expect(lines[0].contains(texts[0]) && lines[0].contains("length 1.000"))
    #expect(lines[4].hasPrefix("cosine"))
    #expect(lines[5].split(separator: " ").prefix(3) == ["1", "1.0000", "1.0000"])
    let many = try CommandLineProcess(
      ["embed", folder("model")] + "abcdefghikl".map(String.init) + ["d"])
    let last = try #require(many.output.split(separator: "\n").last)
    #expect(last.contains("nearest 4 (1.0000)"))
  }

  @Test(arguments: [[], ["-"]]) func linesOfStdinAreTexts(_ texts: [String]) throws {
    let folder = try TestFolder()
    let (_, _, vectors) = try TinyEncoder.write(to: folder("model"))
    let process = try CommandLineProcess(
      ["embed", folder("model"), "--json"] + texts,
      input: "The ferry leaves the harbour.\nA FERRY left the Harbour!\n\n")
    let found = try #require(try process.document()["embeddings"] as? [[Double]])
    #expect(distance(found, Array(vectors[..<3])) < 1e-5)
    #expect(try CommandLineProcess(["embed", folder("model")] + texts).isFailure(64))
  }

  @Test func aModelOfTheOtherKindIsAFailureThatNamesTheCommand() throws {
    let folder = try TestFolder()
    _ = try TinyEncoder.write(to: folder("encoder"))
    _ = try TinyModel.write(to: folder("model"))
    for command in [
      ["generate", folder("encoder"), "x"], ["logits", folder("encoder"), "--tokens", "1"],
    ] {
      let process = try CommandLineProcess(command)
      #expect(process.isFailure(1) && process.errors.contains("ferry embed"), "\(process.errors)")
    }
    let process = try CommandLineProcess(["embed", folder("model"), "x"])
    #expect(process.isFailure(1) && process.errors.contains("ferry generate"), "\(process.errors)")
  }

  @Test func tokenizesWithAVocabularyFile() throws {
    let folder = try TestFolder()
    _ = try TinyEncoder.write(to: folder("model"))
    let document = try CommandLineProcess([
      "tokenize", folder("model"), "A ferry, [SEP]", "--json",
    ]).document()
    #expect(document["pieces"] as? [String] == ["a", "ferry", ",", "[SEP]"])
  }

  /// A tokenizer stands by itself: in a folder without weights, or as a file.
  @Test func tokenizesWithoutWeights() throws {
    let folder = try TestFolder()
    _ = try TinyEncoder.write(to: folder("encoder"))
    _ = try TinyModel.write(to: folder("model"))
    let files = ["encoder/vocab.txt", "model/tokenizer.json"]
    for (file, text) in zip(files, ["A ferry, [SEP]", "Ferry?"]) {
      let source = file.split(separator: "/")
      let whole = try Self.pieces(folder(String(source[0])), text)
      #expect(!whole.isEmpty)
      try FileManager.default.removeItem(atPath: folder("\(source[0])/model.safetensors"))
      #expect(try Self.pieces(folder(String(source[0])), text) == whole)
      #expect(try Self.pieces(folder(file), text) == whole)
      try FileManager.default.removeItem(atPath: folder("\(source[0])/config.json"))
      #expect(try Self.pieces(folder(String(source[0])), text) == whole)
      try FileManager.default.removeItem(atPath: folder(file))
      for path in [folder(String(source[0])), folder(file)] {
        #expect(try CommandLineProcess(["tokenize", path, text]).isFailure(1))
      }
    }
  }

  private static func pieces(_ path: String, _ text: String) throws -> [String] {
    try CommandLineProcess(["tokenize", path, text, "--json"]).document()["pieces"] as? [String]
      ?? []
  }

  @Test func anEncoderMovesAndLeavesNothing() async throws {
    let folder = try TestFolder()
    let (texts, _, _) = try TinyEncoder.write(to: folder("model"))
    let engine = Engine(backends: TestDevices.backends)
    let contexts = try TestDevices.available.map { try engine.context(for: $0) }
    let before = contexts.map(\.bytesInUse)
    do {
      let model = try await engine.load(folder("model"))
      let checksums = try await model.weights.checksums()
      let vectors = try await model.embed(texts).vectors
      for device in TestDevices.available + [.cpu] {
        try await model.to(device)
        let there = try await model.embed(texts)
        #expect(
          distance(there.vectors.map { $0.map(Double.init) }, vectors.map { $0.map(Double.init) })
            < 1e-5)
        #expect(try await model.weights.checksums() == checksums)
      }
      await #expect(throws: FerryError.self) { try await model.embed(texts, activations: .i8) }
    }
    for context in contexts {
      try context.drain()
      context.trim()
    }
    #expect(contexts.map(\.bytesInUse) == before)
  }
}

/// max|Δ| of vectors of length 1.
private func distance(_ vectors: [[Double]], _ expected: [[Double]]) -> Double {
  guard vectors.map(\.count) == expected.map(\.count) else { return .infinity }
  return zip(vectors.joined(), expected.joined()).map { abs($0 - $1) }.max() ?? .infinity
}
