import Foundation
import Testing

/// Weight files that are truncated while a process uses them.
@Suite("A truncated weight file", .timeLimit(.minutes(10)))
struct TruncationTests {
  /// A Llama whose one pass takes seconds, all zeros.
  private static func writeLargeModel(to path: String) throws -> String {
    _ = try TinyModel.write(to: path)
    let (hidden, intermediate) = (2048, 8192)
    let config: [String: Any] = [
      "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": hidden,
      "intermediate_size": intermediate, "num_attention_heads": 16, "num_key_value_heads": 16,
      "num_hidden_layers": 2, "vocab_size": 96, "hidden_act": "silu", "rms_norm_eps": 1e-6,
      "max_position_embeddings": 64, "tie_word_embeddings": false,
    ]
    try JSONSerialization.data(withJSONObject: config)
      .write(to: URL(fileURLWithPath: "\(path)/config.json"))
    var shapes: [(String, [Int])] = [
      ("model.embed_tokens.weight", [96, hidden]), ("model.norm.weight", [hidden]),
      ("lm_head.weight", [96, hidden]),
    ]
    for layer in 0..<2 {
      let prefix = "model.layers.\(layer)."
      shapes += ["q", "k", "v", "o"].map {
        ("\(prefix)self_attn.\($0)_proj.weight", [hidden, hidden])
      }
      shapes += ["gate", "up"].map { ("\(prefix)mlp.\($0)_proj.weight", [intermediate, hidden]) }
      shapes += [("\(prefix)mlp.down_proj.weight", [hidden, intermediate])]
      shapes += ["input_layernorm", "post_attention_layernorm"].map {
        ("\(prefix)\($0).weight", [hidden])
      }
    }
    var end = 0
    var members: [String] = []
    for (name, shape) in shapes {
      let size = shape.reduce(4, *)
      let extents = shape.map(String.init).joined(separator: ",")
      members.append(
        #""\#(name)":{"dtype":"F32","shape":[\#(extents)],"data_offsets":[\#(end),\#(end + size)]}"#
      )
      end += size
    }
    let text = "{\(members.joined(separator: ","))}"
    let header = text.padding(
      toLength: (text.utf8.count / 4096 + 1) * 4096 - 8, withPad: " ", startingAt: 0)
    let file = "\(path)/model.safetensors"
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    try (length + Data(header.utf8)).write(to: URL(fileURLWithPath: file))
    #expect(truncate(file, off_t(8 + header.utf8.count + end)) == 0)
    return file
  }

  @Test("under a pass is an error that says so", arguments: ["logits", "generate"])
  func computing(_ command: String) throws {
    let folder = try TestFolder()
    let file = try Self.writeLargeModel(to: folder("model"))
    let arguments =
      command == "logits"
      ? ["logits", folder("model"), "--tokens", (1...56).map(String.init).joined(separator: ",")]
      : ["generate", folder("model"), "abcdefgh", "--raw"]
    let process = try StartedProcess(arguments)
    #expect(process.waitUntilMapped(file))
    // An optimized pass is over soon.
    #if DEBUG
      usleep(200_000)
    #else
      usleep(5_000)
    #endif
    #expect(truncate(file, 20_000) == 0)
    let end = process.end()
    #expect(end.code == 1 && end.hasOneLine && end.errors.contains("changed while"), "\(end)")
  }

  @Test("under a conversion is an error that says so, and nothing stays")
  func reading() throws {
    let folder = try TestFolder()
    try SparseWeights.write(to: folder("in.safetensors"), rows: 1 << 16)
    let process = try StartedProcess([
      "quantize", folder("in.safetensors"), "-o", folder("q.safetensors"), "--format", "nf4",
      "--all",
    ])
    #expect(process.wait { folder.names.count == 2 })
    #expect(truncate(folder("in.safetensors"), 10_000) == 0)
    let end = process.end()
    #expect(end.isFailure && end.errors.contains("changed while it was in use"), "\(end)")
    #expect(folder.names == ["in.safetensors"])
  }
}
