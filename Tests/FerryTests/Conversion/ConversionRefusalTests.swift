import Foundation
import Testing

/// What conversions refuse, and what they no longer refuse.
@Suite struct ConversionRefusalTests {
  private func alter(_ path: String, _ change: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: path)
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    var object = try #require(value as? [String: Any])
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: url)
  }

  @Test("a model of a known family that cannot run is converted as one of an unknown family")
  func convertingNeedsNamesAndShapes() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    try alter(folder("model/config.json")) { $0["hidden_act"] = "gelu" }
    let arguments = ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"]
    let refused = try CommandLineProcess(arguments)
    #expect(refused.isFailure(1))
    #expect(refused.errors.contains("--all") && refused.errors.contains("gelu"))
    let report = try CommandLineProcess(arguments + ["--all", "--json"]).document()
    #expect((report["quantized"] as? [String])?.count == 14)
    let back = try CommandLineProcess([
      "dequantize", folder("q"), "-o", folder("back"), "--dtype", "f32", "--json",
    ]).document()
    #expect((back["quantized"] as? [String])?.count == 14)
  }

  @Test("what a known family's layers need is missed by both directions")
  func missingWeights() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let whole = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "nf4",
    ])
    #expect(whole.code == 0)
    for name in ["model", "q"] {
      try alter(folder("\(name)/config.json")) { $0["num_hidden_layers"] = 3 }
    }
    for arguments in [
      ["quantize", folder("model"), "--format", "nf4", "--all"],
      ["dequantize", folder("q"), "--dtype", "f32"],
    ] {
      let process = try CommandLineProcess(arguments + ["-o", folder("result")])
      #expect(process.isFailure(1) && process.errors.contains("model.layers.2"))
    }
    #expect(Set(folder.names) == ["model", "q"])
  }

  @Test("a base model alone, and one without a class, convert; a missing head of a class does not")
  func headsAndWrappersOfOthers() throws {
    let folder = try TestFolder()
    let options = ["--format", "nf4", "--all", "--json"]
    let settings = """
      "model_type": "llama", "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1,
      "num_attention_heads": 1, "num_key_value_heads": 1, "vocab_size": 32, "hidden_act": "silu",
      "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "tie_word_embeddings": false
      """
    let named = settings + #", "architectures": ["LlamaForCausalLM"]"#
    for (name, text, isTaken) in [
      ("model.", settings, true), ("", named, true), ("", settings, true), ("model.", named, false),
    ] {
      try LlamaFolder.write(prefix: name, configuration: "{\(text)}", to: folder("model"))
      let process = try CommandLineProcess(
        ["quantize", folder("model"), "-o", folder("q"), "--force"] + options)
      guard isTaken else {
        #expect(process.isFailure(1) && process.errors.contains("lm_head.weight"))
        continue
      }
      #expect((try process.document()["quantized"] as? [String])?.count == 7)
      let back = try CommandLineProcess([
        "dequantize", folder("q"), "-o", folder("back"), "--dtype", "f32", "--force",
      ])
      #expect(back.code == 0, "\(back.errors)")
    }
  }

  @Test("a finite weight never becomes infinite, and the first element that would is named")
  func finiteStaysFinite() throws {
    let folder = try TestFolder()
    try TensorFile.write(["a.weight": [2, 64], "b.weight": [2, 64]], to: folder("a.safetensors")) {
      $0 == 70 ? 1e5 : Float($0 % 3)
    }
    func run(_ arguments: String...) throws -> CommandLineProcess {
      try CommandLineProcess(arguments + ["--force"])
    }
    let (source, packed) = (folder("a.safetensors"), folder("q.safetensors"))
    #expect(try run("quantize", source, "-o", packed, "--format", "nf4", "--all").code == 0)
    let half = try run("dequantize", packed, "-o", folder("h.safetensors"), "--dtype", "f16")
    #expect(half.isFailure(1) && half.errors.contains("'a.weight': element 70 is 100000"))
    #expect(half.errors.contains("bf16 or f32") && !folder.names.contains("h.safetensors"))
    for type in ["bf16", "f32"] {
      let wide = try run("dequantize", packed, "-o", folder("w.safetensors"), "--dtype", type)
      #expect(wide.code == 0, "\(wide.errors)")
    }
    let cast = try run(
      "quantize", source, "-o", folder("c.safetensors"), "--format", "nf4", "--all", "--dtype",
      "f16", "--skip", "a.*")
    #expect(cast.isFailure(1) && cast.errors.contains("element 70"))
    #expect(cast.errors.contains("bf16 or f32") && !cast.errors.contains("4-bit"))
  }

  @Test func nothingToQuantizeIsAnError() throws {
    let folder = try TestFolder()
    try TensorFile.write(["norm.weight": [64]], to: folder("a.safetensors"))
    let file = try CommandLineProcess([
      "quantize", folder("a.safetensors"), "-o", folder("q.safetensors"), "--format", "nf4",
      "--all",
    ])
    #expect(file.isFailure(1) && file.errors.contains("no weight to quantize"))
    _ = try TinyModel.write(to: folder("model"))
    let model = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "nf4", "--skip", "*",
    ])
    #expect(model.isFailure(1) && Set(folder.names) == ["model", "a.safetensors"])
  }

  @Test("a --skip without a match is an error that shows a name that would match")
  func skipsThatMatchNothing() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    for (glob, hint) in [
      ("lm_head", "lm_head.weight"), ("q_proj", "model.layers.0.self_attn.q_proj.weight"),
      ("model.layers.0.mlp", "model.layers.0.mlp."), ("nothing", "names look like '"),
      ("", "names look like '"),
    ] {
      let process = try CommandLineProcess([
        "quantize", folder("model"), "-o", folder("q"), "--format", "nf4", "--skip", glob,
      ])
      #expect(process.isFailure(1) && process.errors.contains(hint), "\(process.errors)")
    }
    #expect(folder.names == ["model"])
  }

  @Test("a file is not called a folder, nor a folder a file")
  func namesOfDestinations() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let quantize = ["--format", "nf4", "--all"]
    for (source, destination) in [
      ("model", "out.safetensors"), ("model", "out.gguf"), ("model", "out.safetensors/"),
      ("model/model.safetensors", "q"), ("model/model.safetensors", "q.gguf"),
    ] {
      let process = try CommandLineProcess(
        ["quantize", folder(source), "-o", folder(destination)] + quantize)
      #expect(process.isFailure(1) && process.errors.contains("is no name"), "\(process.errors)")
    }
    let gguf = try CommandLineProcess([
      "dequantize", TinyModel.gguf, "-o", folder("o.gguf"), "--dtype", "f32",
    ])
    #expect(gguf.isFailure(1) && folder.names == ["model"])
  }

  @Test("metadata of a bare file are kept, and a configuration that is no object is malformed")
  func metadataAndMalformedConfigurations() throws {
    let folder = try TestFolder()
    try TensorFile.write(
      ["a.weight": [64, 64]], to: folder("a.safetensors"), metadata: ["format": "pt", "x": "y"])
    for arguments in [
      ["quantize", folder("a.safetensors"), "-o", folder("q.safetensors"), "--format", "nf4"]
        + ["--all"],
      ["dequantize", folder("q.safetensors"), "-o", folder("b.safetensors"), "--dtype", "f32"],
    ] {
      #expect(try CommandLineProcess(arguments).code == 0)
    }
    for name in ["q", "b"] {
      let metadata = try TensorFile(folder("\(name).safetensors")).metadata
      #expect(metadata == ["format": "pt", "x": "y"])
    }
    try TensorFile.writeFolder(
      ["layers.0.q_proj.weight": [64, 64]], configuration: "[1, 2]", to: folder("list"))
    let process = try CommandLineProcess([
      "quantize", folder("list"), "-o", folder("r"), "--format", "nf4", "--all",
    ])
    #expect(process.isFailure(1) && process.errors.contains("config.json"))
    #expect(process.errors.contains("not a JSON object"))
  }

  @Test("of a GGUF file of another architecture, no message names a way that fails")
  func otherArchitecturesOfGGUF() throws {
    let folder = try TestFolder()
    var file = try Data(contentsOf: URL(fileURLWithPath: TinyModel.gguf))
    let key = try #require(file.range(of: Data("general.architecture".utf8)))
    // After the key: the type of the value, its size, and its five letters.
    let name = key.upperBound + 12..<key.upperBound + 17
    #expect(file[name] == Data("llama".utf8))
    file.replaceSubrange(name, with: Data("bloom".utf8))
    try file.write(to: URL(fileURLWithPath: folder("other.gguf")))
    for arguments in [
      ["quantize", "--format", "nf4"], ["quantize", "--format", "nf4", "--all"],
      ["dequantize", "--dtype", "f32"],
    ] {
      let process = try CommandLineProcess(
        arguments + [folder("other.gguf"), "-o", folder("q")])
      #expect(process.isFailure(1) && process.errors.contains("'bloom'"))
      #expect(!process.errors.contains("--all") && process.errors.contains("folder instead"))
    }
  }
}

/// A Llama of one layer without a head.
private enum LlamaFolder {
  static func write(prefix: String, configuration: String, to path: String) throws {
    try TensorFile.writeFolder(
      [
        "\(prefix)embed_tokens.weight": [32, 64], "\(prefix)norm.weight": [64],
        "\(prefix)layers.0.input_layernorm.weight": [64],
        "\(prefix)layers.0.post_attention_layernorm.weight": [64],
        "\(prefix)layers.0.self_attn.q_proj.weight": [64, 64],
        "\(prefix)layers.0.self_attn.k_proj.weight": [64, 64],
        "\(prefix)layers.0.self_attn.v_proj.weight": [64, 64],
        "\(prefix)layers.0.self_attn.o_proj.weight": [64, 64],
        "\(prefix)layers.0.mlp.gate_proj.weight": [64, 64],
        "\(prefix)layers.0.mlp.up_proj.weight": [64, 64],
        "\(prefix)layers.0.mlp.down_proj.weight": [64, 64],
      ], configuration: configuration, to: path)
  }
}
