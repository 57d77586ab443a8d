import Foundation
import Testing

/// Layers that plain checkpoints store as [inputs, outputs] (GPT-2's Conv1D), and quantized ones the other way.
@Suite struct TransposedLayerTests {
  private static let name = "transformer.h.0.attn.c_attn.weight"

  private func written() throws -> TestFolder {
    let folder = try TestFolder()
    try TensorFile.writeFolder(
      [
        "transformer.wte.weight": [32, 64], "transformer.wpe.weight": [16, 64],
        Self.name: [64, 192], "transformer.h.0.attn.c_proj.weight": [64, 64],
        "transformer.h.0.attn.c_attn.bias": [192],
      ], configuration: #"{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}"#,
      to: folder("model"))
    return folder
  }

  @Test func aRowOfTheQuantizedWeightIsAnOutput() throws {
    let folder = try written()
    _ = try CommandLineProcess([
      "quantize", folder("model"), "-o", folder("q"), "--format", "int8", "--all", "--json",
    ]).document()
    let tensors = try TensorFile(folder("q/model.safetensors")).tensors
    let codes = try #require(tensors[Self.name])
    #expect(codes.type == "I8" && codes.shape == [192, 64])
    #expect(tensors["transformer.wte.weight"]?.type == "F32")
    let scales = try #require(tensors["transformer.h.0.attn.c_attn.SCB"]).floats
    for (output, input) in [(0, 1), (1, 0), (191, 63), (7, 40)] {
      let value = TensorFile.element(input * 192 + output)
      let code = Int8(bitPattern: codes.bytes[output * 64 + input])
      #expect(abs(Float(code) * scales[output] / 127 - value) <= scales[output] / 127)
    }
  }

  @Test(arguments: ["nf4", "int8"], ["f32", "bf16"])
  func dequantizingGivesTheOriginalsShapeAndOrder(_ format: String, _ type: String) throws {
    let folder = try written()
    for arguments in [
      ["quantize", folder("model"), "-o", folder("q"), "--format", format, "--all"],
      ["dequantize", folder("q"), "-o", folder("back"), "--dtype", type],
      ["dequantize", folder("q"), "-o", folder("wide"), "--dtype", "f32"],
    ] {
      let process = try CommandLineProcess(arguments)
      #expect(process.code == 0, "\(process.errors)")
    }
    let back = try #require(try TensorFile(folder("back/model.safetensors")).tensors[Self.name])
    #expect(back.type == type.uppercased() && back.shape == [64, 192])
    for name in [Self.name, "transformer.h.0.attn.c_proj.weight"] {
      let values = try #require(try TensorFile(folder("wide/model.safetensors")).tensors[name])
      // A 4-bit code is off by at most 0.16 of a block's largest element, which is below 1.4.
      let worst = values.floats.enumerated().map { abs($1 - TensorFile.element($0)) }.max()
      #expect(try #require(worst) < (format == "nf4" ? 0.23 : 0.02))
    }
  }

  @Test("cross-attention of a GPT-2, alone or as a decoder, is transposed both ways")
  func crossAttention() throws {
    let whole = #""model_type": "gpt2", "add_cross_attention": true"#
    let pair = #"{"model_type": "encoder-decoder", "encoder": {"model_type": "bert"}, "#
    for (prefix, configuration) in [
      ("transformer.", "{\(whole)}"), ("decoder.transformer.", "\(pair)\"decoder\": {\(whole)}}"),
    ] {
      let folder = try TestFolder()
      let name = "\(prefix)h.0.crossattention.c_attn.weight"
      let square = "\(prefix)h.0.crossattention.q_attn.weight"
      try TensorFile.writeFolder(
        [name: [64, 128], square: [64, 64]], configuration: configuration, to: folder("model"))
      let process = try CommandLineProcess([
        "quantize", folder("model"), "-o", folder("q"), "--format", "int8", "--all",
      ])
      #expect(process.code == 0, "\(process.errors)")
      #expect(try TensorFile(folder("q/model.safetensors")).tensors[name]?.shape == [128, 64])
      let back = try CommandLineProcess([
        "dequantize", folder("q"), "-o", folder("back"), "--dtype", "f32",
      ])
      #expect(back.code == 0, "\(back.errors)")
      let tensors = try TensorFile(folder("back/model.safetensors")).tensors
      #expect(tensors[name]?.shape == [64, 128])
      let values = try #require(tensors[square]).floats
      let worst = values.enumerated().map { abs($1 - TensorFile.element($0)) }.max()
      #expect(try #require(worst) < 0.02)
    }
  }

  @Test("a quantized weight that may be stored either way is refused by name")
  func unknownOrder() throws {
    for (name, configuration) in [
      ("transformer.h.0.adapter.proj", #"{"model_type": "gpt2"}"#),
      ("net.h.0.attn.c_attn", #"{"model_type": "nobody-knows"}"#),
      (
        "decoder.net.h.0.attn.c_proj",
        #"{"model_type": "encoder-decoder", "decoder": {"model_type": "nobody-knows"}}"#
      ),
    ] {
      let folder = try TestFolder()
      try TensorFile.write(["\(name).weight": [64, 64]], to: folder("bare.safetensors"))
      let bare = try CommandLineProcess([
        "quantize", folder("bare.safetensors"), "-o", folder("q.safetensors"), "--format", "nf4",
        "--all",
      ])
      #expect(bare.code == 0, "\(bare.errors)")
      try TensorFile.writeFolder([:], configuration: configuration, to: folder("model"))
      try FileManager.default.removeItem(atPath: folder("model/model.safetensors"))
      try FileManager.default.moveItem(
        atPath: folder("q.safetensors"), toPath: folder("model/model.safetensors"))
      let process = try CommandLineProcess([
        "dequantize", folder("model"), "-o", folder("back"), "--dtype", "f32",
      ])
      #expect(process.isFailure(1) && process.errors.contains("'\(name).weight'"), "\(name)")
      #expect(process.errors.contains("transformers") && !folder.names.contains("back"))
    }
  }
}
