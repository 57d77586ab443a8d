import Ferry
import FerryDeviceTesting
import Foundation
import Testing

/// Weights of types that nobody computes with: they are shown, moved and written as they are.
@Suite struct OpaqueWeightsTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryCheckpointsTests/Fixtures/Opening")

  private static func fixture(_ name: String) -> String {
    fixtures.appendingPathComponent(name).path
  }

  /// A GPTQ checkpoint as a folder: its method, and tensors of its own formats.
  private static func writeForeign(_ method: String, to path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: fixture("types.safetensors"), toPath: "\(path)/model.safetensors")
    let config =
      #"{"model_type":"llama","quantization_config":{"quant_method":"\#(method)","bits":4}}"#
    try config.write(toFile: "\(path)/config.json", atomically: true, encoding: .utf8)
  }

  @Test(
    .enabled(if: TestDevices.backends.count > 1, "no device but the host"),
    arguments: ["types.safetensors", "types.gguf"], [true, false])
  func moveThereAndBackBitForBit(name: String, keepsHostCopy: Bool) async throws {
    let device = try #require(TestDevices.backends.last).device
    let weights = try await Engine(backends: TestDevices.backends).loadWeights(Self.fixture(name))
    let before = try await weights.checksums()
    let options = MoveOptions(keepingHostCopy: keepsHostCopy, verify: true)
    try await weights.move(to: device, options: options)
    #expect(try await weights.checksums() == before)
    let back = try await weights.move(to: .cpu, options: options)
    #expect(try await weights.checksums() == before)
    #expect(keepsHostCopy || back.bytes == weights.byteCount)
  }

  @Test(
    .enabled(if: TestDevices.backends.count > 1, "no device but the host"),
    arguments: [TransferStrategy.requantize, .lazy])
  func moveAsTheyAreWhateverTravels(strategy: TransferStrategy) async throws {
    let device = try #require(TestDevices.backends.last).device
    let engine = Engine(backends: TestDevices.backends)
    let weights = try await engine.loadWeights(Self.fixture("types.safetensors"))
    let before = try await weights.checksums()
    try await weights.move(to: device, strategy: strategy)
    #expect(try await weights.checksums() == before)
  }

  @Test func whatIsSavedFromADeviceIsWhatWasLoaded() async throws {
    let folder = try TestFolder()
    let engine = Engine(backends: TestDevices.backends)
    let weights = try await engine.loadWeights(Self.fixture("types.safetensors"))
    if let device = TestDevices.backends.last?.device {
      try await weights.move(to: device, options: MoveOptions(keepingHostCopy: false))
    }
    try await weights.save(to: folder("saved.safetensors"))
    let before = try SavedTensor.all(in: Self.fixture("types.safetensors"))
    #expect(before.count == 22)
    #expect(try SavedTensor.all(in: folder("saved.safetensors")) == before)
  }

  @Test func conversionsKeepThemByteForByte() async throws {
    let folder = try TestFolder()
    let engine = Engine(backends: TestDevices.backends)
    let before = try SavedTensor.all(in: Self.fixture("types.safetensors"))
    let floats: Set = ["f32", "f16", "bf16"]
    let quantized = try await engine.quantize(
      Self.fixture("types.safetensors"), to: folder("q.safetensors"),
      options: QuantizationOptions(format: .fourBit(FourBitFormat(.nf4)), includesEverything: true))
    #expect(Set(quantized.converted) == floats && quantized.kept.count == 19)
    _ = try await engine.dequantize(
      folder("q.safetensors"), to: folder("d.safetensors"), as: .f32)
    for name in ["q", "d"] {
      let after = try SavedTensor.all(in: folder("\(name).safetensors"))
      for (key, tensor) in before where !floats.contains(key) {
        #expect(after[key] == tensor, "\(name) \(key)")
      }
    }
  }

  @Test func inspectShowsEachTypeUnderItsOwnName() throws {
    let folder = try TestFolder()
    let plain = try inspected(Self.fixture("types.safetensors"))
    #expect(plain.count == 22)
    for (name, tensor) in plain {
      #expect(tensor["format"] as? String == "plain" && tensor["dtype"] as? String == name)
      #expect(tensor["blockSize"] is NSNull && tensor["shape"] as? [Int] == [3, 4])
    }
    let blocks = try inspected(Self.fixture("types.gguf"))
    for (name, block) in ["Q4_K": 256, "MXFP4": 32, "IQ4_XS": 256, "Q4_0": 32, "NVFP4": 64] {
      let tensor = try #require(blocks[name])
      #expect(tensor["format"] as? String == name.lowercased())
      #expect(tensor["dtype"] as? String == "f32" && tensor["blockSize"] as? Int == block)
    }
    let header = #"{"a":{"dtype":"U4","shape":[9],"data_offsets":[0,5]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    try (length + Data(header.utf8) + Data([1, 2, 3, 4, 5]))
      .write(to: URL(fileURLWithPath: folder("x.safetensors")))
    let unknown = try #require(try inspected(folder("x.safetensors"))["a"])
    #expect(unknown["format"] as? String == "opaque" && unknown["dtype"] as? String == "u4")
    #expect(unknown["bytes"] as? Int == 5)
  }

  private func inspected(_ path: String) throws -> [String: [String: Any]] {
    let document = try CommandLineProcess(["inspect", path, "--json"]).document()
    #expect(document["split"] is NSNull)
    let tensors = try #require(document["tensors"] as? [[String: Any]])
    return Dictionary(
      try tensors.map { (try #require($0["name"] as? String), $0) }, uniquingKeysWith: { $1 })
  }

  @Test(arguments: ["gptq", "awq", "compressed-tensors", "fp8", "hqq", "quanto", "mxfp4"])
  func anotherLibrarysQuantizationIsShownAndMovedButNotComputedWith(method: String) throws {
    let folder = try TestFolder()
    try Self.writeForeign(method, to: folder("m"))
    let document = try CommandLineProcess(["inspect", folder("m"), "--json"]).document()
    let quantization = try #require(document["quantization"] as? [String: Any])
    #expect(quantization["method"] as? String == method && quantization["bits"] as? Int == 4)
    for key in ["type", "doubleQuant", "threshold", "skippedModules"] {
      #expect(quantization[key] is NSNull, "\(key)")
    }
    let move = try CommandLineProcess(["move", folder("m"), "--route", "cpu", "--verify"])
    #expect(move.code == 0, "\(move.errors)")
    for arguments in [
      ["quantize", folder("m"), "-o", folder("q"), "--format", "nf4", "--all"],
      ["dequantize", folder("m"), "-o", folder("q"), "--dtype", "f32"],
      ["logits", folder("m"), "--tokens", "1"],
    ] {
      let refusal = try CommandLineProcess(arguments)
      #expect(refusal.isFailure(1) && refusal.errors.contains("'\(method)'"), "\(refusal.errors)")
    }
    #expect(folder.names == ["m"])
  }

  @Test func aFolderOfAnotherLibraryIsSavedAsItIs() async throws {
    let folder = try TestFolder()
    try Self.writeForeign("awq", to: folder("m"))
    let weights = try await Engine(backends: TestDevices.backends).loadWeights(folder("m"))
    try await weights.save(to: folder("saved"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("saved"))
    #expect(Set(names) == ["config.json", "model.safetensors"])
    let saved = try SavedTensor.all(in: folder("saved/model.safetensors"))
    #expect(saved == (try SavedTensor.all(in: folder("m/model.safetensors"))))
    let document = try CommandLineProcess(["inspect", folder("saved"), "--json"]).document()
    #expect((document["quantization"] as? [String: Any])?["method"] as? String == "awq")
  }

  @Test func diffusersWeightsKeepTheirFileNames() async throws {
    let folder = try TestFolder()
    let name = "diffusion_pytorch_model.fp16.safetensors"
    try FileManager.default.createDirectory(
      atPath: folder("m"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Self.fixture("types.safetensors"), toPath: folder("m/\(name)"))
    let weights = try await Engine(backends: TestDevices.backends).loadWeights(folder("m"))
    try await weights.save(to: folder("one"))
    let one = try FileManager.default.contentsOfDirectory(atPath: folder("one"))
    #expect(one == [name])
    try await weights.save(to: folder("several"), maximumShardBytes: 400)
    let several = try FileManager.default.contentsOfDirectory(atPath: folder("several")).sorted()
    #expect(several.first == "diffusion_pytorch_model.fp16-00001-of-00002.safetensors")
    #expect(several.last == "diffusion_pytorch_model.safetensors.index.fp16.json")
    let again = try await Engine(backends: TestDevices.backends).loadWeights(folder("several"))
    #expect(again.byteCount == weights.byteCount)
  }

  @Test func aModelWithOneBlockTypeThatIsNotDecodedNamesTensorAndType() throws {
    let folder = try TestFolder()
    try Self.writeLlama(to: folder("x.gguf"))
    for arguments in [
      ["logits", folder("x.gguf"), "--tokens", "1"],
      ["dequantize", folder("x.gguf"), "-o", folder("d"), "--dtype", "f32"],
      ["quantize", folder("x.gguf"), "-o", folder("d"), "--format", "nf4"],
    ] {
      let refusal = try CommandLineProcess(arguments)
      #expect(refusal.isFailure(1), "\(refusal.errors)")
      #expect(
        refusal.errors.contains("IQ4_NL") && refusal.errors.contains("layers.0.self_attn.o_proj"))
    }
    #expect(folder.names == ["x.gguf"])
    let move = try CommandLineProcess(["move", folder("x.gguf"), "--route", "cpu", "--verify"])
    #expect(move.code == 0, "\(move.errors)")
  }

  /// The tiny Llama, with one Q4_0 weight declared as IQ4_NL, whose blocks are of the same size.
  private static func writeLlama(to path: String) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: TinyModel.gguf))
    let name = try #require(bytes.range(of: Data("blk.0.attn_output.weight".utf8)))
    // After the name: the rank and two extents.
    let type = name.upperBound + 4 + 2 * 8
    #expect(Array(bytes[type..<type + 4]) == [2, 0, 0, 0])
    bytes[type] = 20
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  @Test func aPartOfASplitModelIsShownAndRefusedElsewhere() throws {
    let folder = try TestFolder()
    let part = Self.fixture("split-00001-of-00002.gguf")
    let document = try CommandLineProcess(["inspect", part, "--json"]).document()
    #expect(document["split"] as? [String: Int] == ["part": 1, "count": 2])
    let text = try CommandLineProcess(["inspect", part])
    #expect(text.output.contains("part 1 of 2 of a split model"))
    for arguments in [
      ["move", part, "--route", "cpu"], ["logits", part, "--tokens", "1"],
      ["quantize", part, "-o", folder("q"), "--format", "nf4", "--all"],
      ["dequantize", part, "-o", folder("q"), "--dtype", "f32"],
    ] {
      let refusal = try CommandLineProcess(arguments)
      #expect(refusal.isFailure(1) && refusal.errors.contains("part 1 of 2"), "\(refusal.errors)")
      #expect(refusal.errors.contains("llama-gguf-split --merge"))
    }
    #expect(folder.names.isEmpty)
  }
}
