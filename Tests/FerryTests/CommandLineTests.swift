import Ferry
import FerryDeviceTesting
import Foundation
import Testing

@Suite struct CommandLineTests {
  @Test(arguments: [
    ["inspect", "--device", "foo", "x"], ["logits", "x", "--tokens", "a"],
    ["logits", "x", "--tokens", "1,", "--device", "cpu"], ["move", "x", "--route", "cpu,gpu"],
    ["quantize", "x", "-o", "y", "--format", "nf5"],
    ["quantize", "x", "-o", "y", "--format", "nf4", "--block-size", "48"],
    ["quantize", "x", "-o", "y", "--format", "int8", "--block-size", "64"],
    ["quantize", "x", "-o", "y", "--format", "nf4", "--dtype", "f8"],
    ["quantize", "x", "-o", "y"], ["move", "x", "--route", "cpu", "--mode", "keep"],
    ["move", "x", "--route", "cpu", "--host-copy", "none"],
    ["generate", "x", "y", "--top-p", "2"], ["nothing"],
  ])
  func answersWrongUsageWith64(_ arguments: [String]) throws {
    #expect(try CommandLineProcess(arguments).isFailure(64))
  }

  @Test(arguments: [
    ["inspect", "/no/such/file.safetensors"], ["logits", "/no/such", "--tokens", "1", "--json"],
    ["tokenize", "/no/such", "text"], ["move", "/no/such", "--route", "cpu"],
    ["quantize", "/no/such", "-o", "/tmp/never", "--format", "nf4"],
  ])
  func answersAMissingFileWith1AndNamesIt(_ arguments: [String]) throws {
    let process = try CommandLineProcess(arguments)
    #expect(process.isFailure(1))
    #expect(process.errors.contains("/no/such"))
  }

  @Test func listsDevicesAndWhyOthersAreAbsent() throws {
    let document = try CommandLineProcess(["devices", "--json"]).document()
    let devices = try #require(document["devices"] as? [[String: Any]])
    #expect(devices.first?["id"] as? String == "cpu")
    #expect(try #require(devices.first?["totalBytes"] as? Int) > 1 << 20)
    for device in devices { #expect(device.keys.contains("freeBytes")) }
    let absent = try #require(document["absent"] as? [[String: String]])
    for backend in absent { #expect(backend["reason"]?.isEmpty == false) }
  }

  @Test func helpIsNoFailure() throws {
    let process = try CommandLineProcess(["--help"])
    #expect(process.code == 0)
    #expect(process.output.contains("quantize") && process.errors.isEmpty)
  }

  @Test func anAbsentDeviceIsAFailureThatSaysWhatThereIs() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let process = try CommandLineProcess([
      "logits", folder("model"), "--tokens", "1", "--device", "cuda:7",
    ])
    #expect(process.isFailure(1))
    #expect(process.errors.contains("cuda:7") && process.errors.contains("cpu"))
  }

  @Test func logitsAreThoseOfTheReference() throws {
    let folder = try TestFolder()
    let (tokens, reference) = try TinyModel.write(to: folder("model"))
    let list = tokens.map(String.init).joined(separator: ",")
    for device in TestDevices.available {
      let document = try CommandLineProcess([
        "logits", folder("model"), "--tokens", list, "--json", "--device", "\(device)",
      ]).document()
      let logits = try #require(document["logits"] as? [Double])
      let scale = reference.map(\.magnitude).max() ?? 1
      let error = zip(logits, reference).map { abs($0 - $1) }.max() ?? 1
      #expect(logits.count == reference.count && error / scale < 1e-3, "\(device)")
    }
  }

  @Test func tokensOutsideTheVocabularyAreAFailure() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let process = try CommandLineProcess(["logits", folder("model"), "--tokens", "1,96"])
    #expect(process.isFailure(1) && process.errors.contains("96"))
  }
}

@Suite struct ConversionCommandTests {
  @Test(arguments: ["nf4", "fp4", "int8"])
  func quantizesTheLinearWeightsAndBack(_ format: String) throws {
    let folder = try TestFolder()
    let (tokens, _) = try TinyModel.write(to: folder("model"))
    let report = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", format, "--json",
    ]).document()
    let quantized = try #require(report["quantized"] as? [String])
    #expect(quantized.count == 14 && quantized.allSatisfy { $0.hasSuffix("_proj.weight") })
    let kept = try #require(report["kept"] as? [String])
    #expect(kept.contains("lm_head.weight") && kept.contains("model.embed_tokens.weight"))
    #expect(Set(folder.names) == ["model", "q"])

    let inspection = try CommandLineProcess(["inspect", folder("q"), "--json"]).document()
    let tensors = try #require(inspection["tensors"] as? [[String: Any]])
    #expect(tensors.filter { $0["format"] as? String == format }.count == 14)
    #expect(inspection["quantization"] is [String: Any])

    let back = try CommandLineProcess([
      "dequantize", folder("q"), "-o", folder("full"), "--dtype", "f32", "--json",
    ]).document()
    #expect((back["quantized"] as? [String])?.count == 14)
    let list = tokens.map(String.init).joined(separator: ",")
    func logits(_ name: String) throws -> [Double] {
      let process = try CommandLineProcess(["logits", folder(name), "--tokens", list, "--json"])
      return try #require(process.document()["logits"] as? [Double])
    }
    let (one, other) = (try logits("q"), try logits("full"))
    let scale = other.map(\.magnitude).max() ?? 1
    let error = (zip(one, other).map { abs($0 - $1) }.max() ?? 1) / scale
    #expect(error < (format == "int8" ? 0.12 : 1e-3))
  }

  @Test func theSameBytesComeFromEveryDevice() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    for options in [
      ["nf4", "--double-quant"], ["fp4", "--block-size", "128"], ["int8"],
      ["nf4", "--dtype", "bf16"],
    ] {
      var results: [Data] = []
      for device in TestDevices.available {
        let process = try CommandLineProcess(
          ["quantize", folder("model"), "-o", folder("q"), "--force", "--device", "\(device)"]
            + ["--format"] + options)
        #expect(process.code == 0, "\(process.errors)")
        results.append(try Data(contentsOf: URL(fileURLWithPath: folder("q/model.safetensors"))))
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }

  @Test func readsGGUFAndWritesAHuggingFaceFolder() throws {
    let folder = try TestFolder()
    let report = try CommandLineProcess([
      "quantize", TinyModel.gguf, "-o", folder("q"), "--format", "nf4", "--json",
    ]).document()
    let quantized = try #require(report["quantized"] as? [String])
    #expect(quantized.contains("model.layers.0.self_attn.q_proj.weight"))
    for name in ["config.json", "generation_config.json", "model.safetensors"] {
      #expect(FileManager.default.fileExists(atPath: folder("q/\(name)")), "\(name)")
    }
    #expect(try CommandLineProcess(["logits", folder("q"), "--tokens", "1,2,3"]).code == 0)
  }

  @Test(arguments: ["f32": "float32", "f16": "float16", "bf16": "bfloat16"], [true, false])
  func writesWhatStaysPlainInTheTypeAskedFor(
    _ type: (key: String, value: String), isGGUF: Bool
  ) throws {
    let folder = try TestFolder()
    let (tokens, _) = try TinyModel.write(to: folder("model"))
    let source = isGGUF ? TinyModel.gguf : folder("model")
    func convert(_ name: String, _ options: [String] = []) throws -> (
      tensors: [[String: Any]], logits: [Double]
    ) {
      let process = try CommandLineProcess(
        ["quantize", source, "-o", folder(name), "--format", "nf4"] + options)
      #expect(process.code == 0, "\(process.errors)")
      let list = tokens.map(String.init).joined(separator: ",")
      let inspection = try CommandLineProcess(["inspect", folder(name), "--json"]).document()
      let answer = try CommandLineProcess(["logits", folder(name), "--tokens", list, "--json"])
      return (
        try #require(inspection["tensors"] as? [[String: Any]]),
        try #require(answer.document()["logits"] as? [Double])
      )
    }
    let (usual, asked) = (try convert("usual"), try convert("asked", ["--dtype", type.key]))
    for (before, after) in zip(usual.tensors, asked.tensors) {
      let isPlain = after["format"] as? String == "plain"
      #expect(isPlain == (before["format"] as? String == "plain"))
      #expect(after["dtype"] as? String == (isPlain ? type.key : before["dtype"] as? String))
    }
    let scale = usual.logits.map(\.magnitude).max() ?? 1
    let error = zip(usual.logits, asked.logits).map { abs($0 - $1) }.max() ?? 1
    #expect(usual.tensors.count == asked.tensors.count && error < 0.02 * scale)
    let config = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder("asked/config.json"))))
    let told = try #require(config as? [String: Any])
    #expect(told[told["dtype"] == nil ? "torch_dtype" : "dtype"] as? String == type.value)
  }

  @Test func anExistingDestinationNeedsForceAndStaysAsItWas() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    try FileManager.default.createDirectory(atPath: folder("q"), withIntermediateDirectories: true)
    let arguments = ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"]
    let refused = try CommandLineProcess(arguments)
    #expect(refused.isFailure(1) && refused.errors.contains("--force"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("q")).isEmpty)
    #expect(try CommandLineProcess(arguments + ["--force"]).code == 0)
    #expect(Set(folder.names) == ["model", "q"])
  }

  @Test func forceNeverRemovesTheSourceNorAFolderOfOtherThings() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    try FileManager.default.copyItem(atPath: TinyModel.gguf, toPath: folder("model/llama.gguf"))
    for source in ["model", "model/llama.gguf"] {
      for destination in ["model", "."] {
        let process = try CommandLineProcess([
          "quantize", folder(source), "-o", folder(destination), "--format", "nf4", "--force",
        ])
        #expect(process.isFailure(1) && process.errors.contains("source"))
      }
    }
    try FileManager.default.createDirectory(
      atPath: folder("letters"), withIntermediateDirectories: true)
    try Data([1]).write(to: URL(fileURLWithPath: folder("letters/one.txt")))
    let process = try CommandLineProcess([
      "quantize", folder("model/model.safetensors"), "--all", "-o", folder("letters"), "--format",
      "nf4",
      "--force",
    ])
    #expect(process.isFailure(1))
    #expect(FileManager.default.fileExists(atPath: folder("letters/one.txt")))
    #expect(FileManager.default.fileExists(atPath: folder("model/config.json")))
  }

  @Test func anIncompleteModelIsRefused() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    var text = try String(contentsOfFile: folder("model/config.json"), encoding: .utf8)
    text = text.replacingOccurrences(
      of: "\"num_hidden_layers\":2", with: "\"num_hidden_layers\":3")
    try text.write(toFile: folder("model/config.json"), atomically: true, encoding: .utf8)
    let process = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "nf4",
    ])
    #expect(process.isFailure(1) && process.errors.contains("model.layers.2"))
    #expect(folder.names == ["model"])
  }

  @Test func whatIsQuantizedAlreadyIsRefused() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    _ = try CommandLineProcess(["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"])
    let again = try CommandLineProcess([
      "quantize", folder("q"), "-o", folder("r"), "--format", "fp4",
    ])
    #expect(again.isFailure(1) && again.errors.contains("dequantize"))
    let plain = try CommandLineProcess([
      "dequantize", folder("model"), "-o", folder("r"), "--dtype", "f32",
    ])
    #expect(plain.isFailure(1))
    #expect(!folder.names.contains("r"))
  }

  @Test func aBareFileOfAnUnknownFamilyNeedsAll() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let arguments = [
      "quantize", folder("model/model.safetensors"), "-o", folder("q.safetensors"), "--format",
      "nf4",
    ]
    let refused = try CommandLineProcess(arguments)
    #expect(refused.isFailure(1) && refused.errors.contains("--all"))
    let report = try CommandLineProcess(arguments + ["--all", "--json"]).document()
    #expect((report["quantized"] as? [String])?.contains("lm_head.weight") == true)
  }

  @Test func otherFilesComeAlongWithTheirFolders() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let files = FileManager.default
    try files.createDirectory(atPath: folder("model/1_Pooling"), withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder("model/1_Pooling/config.json")))
    try Data([1]).write(to: URL(fileURLWithPath: folder("model/pytorch_model.bin")))
    mkfifo(folder("model/pipe"), 0o600)
    #expect(
      try CommandLineProcess(["quantize", folder("model"), "-o", folder("q"), "--format", "fp4"])
        .code == 0)
    #expect(files.fileExists(atPath: folder("q/1_Pooling/config.json")))
    #expect(!files.fileExists(atPath: folder("q/pytorch_model.bin")))
    #expect(!files.fileExists(atPath: folder("q/pipe")))
  }

  @Test func aDestinationThatIsNoFileIsRefused() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    for (source, pipe) in [("model", "pipe"), ("model/model.safetensors", "pipe.safetensors")] {
      mkfifo(folder(pipe), 0o600)
      let process = try CommandLineProcess([
        "quantize", folder(source), "-o", folder(pipe), "--format", "nf4", "--all", "--force",
      ])
      #expect(process.isFailure(1) && process.errors.contains("another place"))
    }
  }

  @Test func skippedModulesStayPlainAndAreListed() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let report = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "int8", "--skip", "*.down_proj.*",
      "--json",
    ]).document()
    #expect((report["quantized"] as? [String])?.count == 12)
    let configuration = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder("q/config.json"))))
    let section = (configuration as? [String: Any])?["quantization_config"] as? [String: Any]
    let skipped = try #require(section?["llm_int8_skip_modules"] as? [String])
    #expect(skipped == ["lm_head", "model.layers.0.mlp.down_proj", "model.layers.1.mlp.down_proj"])
  }

  @Test func shardsHaveAnIndex() throws {
    let folder = try TestFolder()
    let (tokens, _) = try TinyModel.write(to: folder("model"))
    let arguments = ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"]
    #expect(try CommandLineProcess(arguments + ["--max-shard-size", "20kB"]).code == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("q"))
    #expect(
      names.contains("model.safetensors.index.json") && names.contains("generation_config.json"))
    let list = tokens.map(String.init).joined(separator: ",")
    #expect(try CommandLineProcess(["logits", folder("q"), "--tokens", list]).code == 0)
  }
}

@Suite struct MoveCommandTests {
  @Test(arguments: ["release", "retain"], [false, true])
  func movesAlongARouteAndProvesIt(_ mode: String, _ dropsHostCopy: Bool) throws {
    let target = try #require(TestDevices.available.last)
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    _ = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "nf4", "--double-quant",
    ])
    let document = try CommandLineProcess(
      [
        "move", folder("q"), "--route", "cpu,\(target),cpu", "--verify", "--json", "--mode", mode,
        "--repeat", "2",
      ] + (dropsHostCopy ? ["--drop-host-copy"] : [])
    ).document()
    #expect(document["identical"] as? Bool == true)
    let hops = try #require(document["hops"] as? [[String: Any]])
    #expect(hops.count == 4)
    #expect(Set(hops.compactMap { $0["checksum"] as? String }).count == 1)
    let last = try #require(hops.last?["source"] as? [String: Int])
    for hop in hops { #expect((hop["checksum"] as? String)?.count == 16) }
    if target != .cpu {
      #expect(try #require(hops[0]["bytes"] as? Int) > 0)
      #expect((hops[1]["bytes"] as? Int == 0) == !dropsHostCopy)
      #expect((last["bytesAfter"] == 0) == (mode == "release"))
    }
  }

  @Test(arguments: ["requantize", "lazy"], [["nf4", "--double-quant"], ["fp4"], ["int8"]])
  func fullPrecisionGivesTheSameBytes(_ strategy: String, _ format: [String]) throws {
    let target = try #require(TestDevices.available.last)
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    _ = try CommandLineProcess(
      ["quantize", folder("model"), "-o", folder("q"), "--format"] + format)
    func checksums(_ strategy: String) throws -> Set<String> {
      let document = try CommandLineProcess([
        "move", folder("q"), "--route", "cpu,\(target),cpu", "--verify", "--json", "--strategy",
        strategy, "--drop-host-copy",
      ]).document()
      let hops = try #require(document["hops"] as? [[String: Any]])
      return Set(hops.compactMap { $0["checksum"] as? String })
    }
    let direct = try checksums("direct")
    #expect(direct.count == 1)
    #expect(try checksums(strategy) == direct)
  }

  @Test(.enabled(if: TestDevices.available.count > 1, "no device but the host"))
  func aRouteThatBeginsOnADeviceDropsTheHostCopyToo() throws {
    let target = try #require(TestDevices.available.last)
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let document = try CommandLineProcess([
      "move", folder("model"), "--route", "\(target),cpu", "--drop-host-copy", "--json",
    ]).document()
    let hops = try #require(document["hops"] as? [[String: Any]])
    #expect(try #require(hops.first?["bytes"] as? Int) > 0)
    #expect(document["identical"] is NSNull)
  }

  @Test func aRouteOfOneHasNoHops() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let document = try CommandLineProcess([
      "move", folder("model/model.safetensors"), "--route", "cpu", "--json",
    ]).document()
    #expect((document["hops"] as? [Any])?.isEmpty == true)
    #expect(document["identical"] is NSNull)
  }
}
