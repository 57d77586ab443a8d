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
}
