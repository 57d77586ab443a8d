import FerryFormats
import Foundation
import Testing

@testable import FerryCheckpoints

@Suite struct CheckpointFolderTests {
  private static let index = "model.safetensors.index.json"

  private func one(_ name: String) -> [UInt8] {
    var file = SafetensorsBytes()
    file.add(name, [1], [1])
    return file.bytes
  }

  private func failure(_ build: (TemporaryFolder) throws -> Void) throws -> CheckpointError? {
    let folder = try TemporaryFolder()
    try build(folder)
    do {
      _ = try Checkpoint(path: folder.path)
      return nil
    } catch {
      #expect(error.file.utf8.starts(with: folder.path.utf8))
      return error
    }
  }

  @Test func readsAFolderOfTransformers() throws {
    let checkpoint = try Checkpoint(path: fixture("folder-plain"))
    #expect(checkpoint.container == .folder)
    #expect(checkpoint.weights.count == 12)
    #expect(checkpoint.weights.allSatisfy { $0.format == .plain(.bf16) })
    #expect(checkpoint.configuration?["model_type"]?.string == "llama")
    #expect(checkpoint.quantization == nil)
  }

  @Test func readsShards() throws {
    let whole = try Checkpoint(path: fixture("folder-plain"))
    let sharded = try Checkpoint(path: fixture("folder-sharded"))
    #expect(sharded.files.count == 4)
    #expect(sharded.files.map(\.path) == sharded.files.map(\.path).sorted())
    #expect(sharded.tensors.count == whole.tensors.count)
    for tensor in whole.tensors {
      let other = try #require(sharded.tensor(named: tensor.name))
      #expect(
        try whole.bytes(of: tensor) == sharded.bytes(of: sharded.tensors[other]), "\(tensor.name)")
    }
  }

  @Test func readsWhatTransformersQuantized() throws {
    let four = try Checkpoint(path: fixture("folder-4bit"))
    let nested = WeightFormat.fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true))
    #expect(four.weights.count == 12)
    #expect(four.weights.filter { $0.format == nested }.count == 7)
    #expect(four.quantization?.width == .fourBit)
    #expect(four.quantization?.code == .nf4)
    #expect(four.quantization?.isNested == true)
    #expect(four.quantization?.computeType == "bfloat16")
    let eight = try Checkpoint(path: fixture("folder-8bit"))
    #expect(eight.weights.count == 12)
    let rows = eight.weights.filter { $0.format == .int8Rows }
    #expect(rows.count == 6 && rows.allSatisfy { $0.dtype == .bf16 && $0.companions.count == 1 })
    #expect(eight.quantization?.width == .eightBit)
    #expect(eight.quantization?.threshold == 4.5)
    #expect(eight.quantization?.skippedModules == ["lm_head", "o_proj"])
  }

  @Test func writesTheSectionAsTransformersDoes() throws {
    for name in ["folder-4bit", "folder-8bit"] {
      let checkpoint = try Checkpoint(path: fixture(name))
      let section = try #require(checkpoint.configuration?["quantization_config"])
      let quantization = try #require(checkpoint.quantization)
      #expect(quantization.document.serialized() == section.serialized())
    }
  }

  @Test func rewritesConfigurationsByteForByte() throws {
    let path = fixture("folder-4bit/config.json")
    let bytes = try FileReader.contents(path: path)
    let document = try JSONValue(parsing: bytes, file: path)
    #expect(document.serialized(.indented) + "\n" == String(decoding: bytes, as: UTF8.self))
  }

  @Test func refusesFoldersWithoutOrWithTwoKindsOfWeights() throws {
    #expect(try failure { _ in }?.code == .unreadable)
    #expect(try failure { try $0.write("pytorch_model.bin", "") }?.code == .unsupported)
    let both = try failure {
      try $0.write("model.safetensors", one("a"))
      try $0.write(Self.index, #"{"weight_map":{}}"#)
    }
    #expect(both?.code == .malformed && both?.message.contains("both") == true)
    let missing = #expect(throws: CheckpointError.self) {
      try Checkpoint(path: "/nonexistent/model")
    }
    #expect(missing?.code == .unreadable && missing?.file == "/nonexistent/model")
  }

  @Test func checksTheIndexAgainstTheFiles() throws {
    func sharded(_ map: String, _ tensors: [String: String]) throws -> CheckpointError? {
      try failure { folder in
        try folder.write(Self.index, #"{"metadata":{},"weight_map":\#(map)}"#)
        for (file, tensor) in tensors { try folder.write(file, one(tensor)) }
      }
    }
    let files = ["1.safetensors": "a", "2.safetensors": "b"]
    #expect(try sharded(#"{"a":"1.safetensors","b":"2.safetensors"}"#, files) == nil)
    let absent = try sharded(
      #"{"a":"1.safetensors","b":"2.safetensors","c":"2.safetensors"}"#, files)
    #expect(absent?.code == .malformed && absent?.tensor == "c")
    let extra = try sharded(#"{"a":"1.safetensors","c":"2.safetensors"}"#, files)
    #expect(extra?.code == .malformed && extra?.tensor == "b")
    let swapped = try sharded(#"{"a":"2.safetensors","b":"1.safetensors"}"#, files)
    #expect(swapped?.code == .malformed)
    let lost = try sharded(#"{"a":"1.safetensors","b":"3.safetensors"}"#, files)
    #expect(lost?.code == .unreadable && lost?.file.hasByteSuffix("/3.safetensors") == true)
    let twice = try sharded(
      #"{"a":"1.safetensors","b":"2.safetensors"}"#, ["1.safetensors": "a", "2.safetensors": "a"])
    #expect(twice?.code == .malformed)
  }

  @Test(arguments: [
    "[]", "{}", #"{"weight_map":[]}"#, #"{"weight_map":{"a":1}}"#, #"{"weight_map":{"a":"x.bin"}}"#,
    #"{"weight_map":{"a":"../model.safetensors"}}"#, #"{"weight_map":{"a":"/etc/x.safetensors"}}"#,
    #"{"weight_map":{"a":"x\u0000.safetensors"}}"#,
    #"{"weight_map":{"a":"x.safetensors","a":"x.safetensors"}}"#,
  ])
  func refusesIndices(text: String) throws {
    let error = try failure { try $0.write(Self.index, text) }
    #expect(error?.code == .malformed)
    #expect(error?.file.hasByteSuffix(Self.index) == true)
  }

  @Test(arguments: [
    "model.safetensors", "diffusion_pytorch_model.safetensors", "model.fp16.safetensors",
    "diffusion_pytorch_model.fp16.safetensors", "adapter_model.safetensors",
    "consolidated.safetensors", "naïve.safetensors",
  ])
  func takesTheOnlyWeightFileWhateverItsName(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(name, one("a"))
    try folder.write("pytorch_model.bin", "")
    try folder.write(".hidden.safetensors", "")
    let checkpoint = try Checkpoint(path: folder.path)
    #expect(checkpoint.container == .folder && checkpoint.weights.map(\.name) == ["a"])
    #expect(checkpoint.files.map(\.path) == [folder(name)])
    #expect(checkpoint.weightFiles.whole == name)
  }

  @Test(arguments: [
    ("model.safetensors.index.json", "model", nil),
    ("diffusion_pytorch_model.safetensors.index.json", "diffusion_pytorch_model", nil),
    ("diffusion_pytorch_model.safetensors.index.fp16.json", "diffusion_pytorch_model", "fp16"),
    ("consolidated.safetensors.index.json", "consolidated", nil),
  ])
  func takesTheOnlyIndexWhateverItsName(name: String, stem: String, variant: String?) throws {
    let folder = try TemporaryFolder()
    let infix = variant.map { ".\($0)" } ?? ""
    let shards = (1...2).map { "\(stem)\(infix)-0000\($0)-of-00002.safetensors" }
    try folder.write(shards[0], one("a"))
    try folder.write(shards[1], one("b"))
    try folder.write(name, #"{"weight_map":{"a":"\#(shards[0])","b":"\#(shards[1])"}}"#)
    let checkpoint = try Checkpoint(path: folder.path)
    #expect(checkpoint.weights.map(\.name) == ["a", "b"])
    #expect(checkpoint.weightFiles == WeightFileNames(stem: stem, variant: variant))
    #expect(checkpoint.weightFiles.index == name)
    #expect((1...2).map { checkpoint.weightFiles.shard($0, of: 2) } == shards)
  }

  @Test func usualNamesComeBeforeOthers() throws {
    let folder = try TemporaryFolder()
    try folder.write("consolidated.safetensors", one("c"))
    try folder.write("model.gguf", GGUFBytes.small.bytes)
    try folder.write("diffusion_pytorch_model.fp16.safetensors", one("f"))
    try folder.write("diffusion_pytorch_model.safetensors", one("d"))
    #expect(try Checkpoint(path: folder.path).weights.map(\.name) == ["d"])
    try folder.write("model.safetensors", one("m"))
    #expect(try Checkpoint(path: folder.path).weights.map(\.name) == ["m"])
  }

  @Test func opensTheOnlyGGUFFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("tiny.gguf", GGUFBytes.small.bytes)
    try folder.write("config.json", "not read")
    let checkpoint = try Checkpoint(path: folder.path)
    #expect(checkpoint.container == .gguf && checkpoint.path == folder("tiny.gguf"))
    #expect(checkpoint.metadata != nil)
  }

  @Test func doesNotGuessAmongSeveral() throws {
    func several(_ names: [String]) throws -> CheckpointError? {
      try failure { folder in for name in names { try folder.write(name, one("a")) } }
    }
    for names in [
      ["a.safetensors", "b.safetensors"], ["model.fp16.safetensors", "model.fp32.safetensors"],
      ["a.gguf", "b.gguf"], ["a.safetensors", "b.gguf"],
      ["a.safetensors.index.json", "b.safetensors"],
    ] {
      let error = try several(names)
      #expect(error?.code == .unsupported, "\(names)")
      for name in names { #expect(error?.message.contains(name) == true, "\(names)") }
    }
    let shards = try several([
      "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
    ])
    #expect(shards?.message.contains("index") == true)
    let parts = try several(["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"])
    #expect(parts?.message.contains("llama-gguf-split --merge") == true)
    let many = try several((10..<30).map { "\($0).safetensors" })
    #expect(many?.message.contains("20 weight files (10.safetensors, ") == true)
    #expect(many?.message.contains("29.safetensors") == false)
  }

  @Test func whatCannotBeReadIsNotTakenForAbsent() throws {
    func linked(_ name: String, to target: String) throws -> CheckpointError? {
      try failure { folder in
        if name != "model.safetensors" { try folder.write("model.safetensors", one("a")) }
        try FileManager.default.createSymbolicLink(
          atPath: folder(name), withDestinationPath: target)
      }
    }
    for name in ["model.safetensors", "model.safetensors.index.json", "config.json"] {
      let nowhere = try linked(name, to: "nowhere")
      let loop = try linked(name, to: name)
      for error in [nowhere, loop] where name != "model.safetensors.index.json" {
        #expect(error?.code == .unreadable && error?.file.hasByteSuffix(name) == true, "\(name)")
      }
      // Both names are there.
      if name == "model.safetensors.index.json" {
        #expect(nowhere?.code == .malformed && loop?.code == .malformed)
      }
    }
    let deep = #expect(throws: CheckpointError.self) {
      try Checkpoint(path: "/" + String(repeating: "x", count: 300))
    }
    #expect(deep?.message.contains("cannot be read") == true)
  }

  @Test(.enabled(if: geteuid() != 0, "root reads everything"))
  func unreadableFoldersAndFilesSaySo() throws {
    for name in ["", "model.safetensors", "config.json"] {
      let folder = try TemporaryFolder()
      try folder.write("model.safetensors", one("a"))
      try folder.write("config.json", "{}")
      chmod(folder(name), 0)
      defer { chmod(folder(name), 0o700) }
      let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: folder.path) }
      #expect(error?.code == .unreadable, "\(name)")
      #expect(error?.message.contains("Permission denied") == true, "\(name)")
    }
  }

  @Test func refusesMalformedConfigurations() throws {
    let error = try failure {
      try $0.write("model.safetensors", one("a"))
      try $0.write("config.json", "{")
    }
    #expect(error?.code == .malformed && error?.file.hasByteSuffix("config.json") == true)
  }
}

@Suite struct CheckpointReadingTests {
  @Test func noticesChangedFiles() throws {
    let folder = try TemporaryFolder()
    var file = SafetensorsBytes()
    file.add("a", [2], [1, 2])
    let path = try folder.write("x.safetensors", file.bytes)
    let checkpoint = try Checkpoint(path: path)
    #expect(try checkpoint.bytes(of: checkpoint.tensors[0]).count == 8)
    try folder.write("x.safetensors", Array(file.bytes.dropLast(4)))
    let truncated = #expect(throws: CheckpointError.self) {
      try checkpoint.bytes(of: checkpoint.tensors[0])
    }
    #expect(truncated?.code == .fileChanged && truncated?.file == path)
    try FileManager.default.removeItem(atPath: path)
    let removed = #expect(throws: CheckpointError.self) {
      try checkpoint.bytes(of: checkpoint.tensors[0])
    }
    #expect(removed?.code == .unreadable)
    try folder.write("x.safetensors", file.bytes)
    let replaced = #expect(throws: CheckpointError.self) {
      try checkpoint.bytes(of: checkpoint.tensors[0])
    }
    #expect(replaced?.code == .fileChanged)
  }

  @Test func readsParts() throws {
    let folder = try TemporaryFolder()
    var file = SafetensorsBytes()
    file.add("a", "U8", [5], [1, 2, 3, 4, 5])
    let checkpoint = try Checkpoint(path: try folder.write("x.safetensors", file.bytes))
    var part: [UInt8] = [0, 0]
    try part.withUnsafeMutableBytes { try checkpoint.read(checkpoint.tensors[0], at: 2, into: $0) }
    #expect(part == [3, 4])
  }

  @Test func refusesWhatIsNoWeightFile() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("notes.txt", "{}")
    #expect(throws: CheckpointError.self) { try Checkpoint(path: text) }
    let pipe = folder("pipe.safetensors")
    try #require(mkfifo(pipe, 0o600) == 0)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: pipe) }
    #expect(error?.code == .unreadable)
    let empty = try folder.write("empty.gguf", [])
    #expect(throws: CheckpointError.self) { try Checkpoint(path: empty) }
  }
}
