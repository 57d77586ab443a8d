import Foundation
import Testing

/// A Llama model of two layers, from the fixtures of the models' tests.
enum TinyModel {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/Llama")

  /// A GGUF file of the same kind.
  static var gguf: String { fixtures.appendingPathComponent("llama.gguf").path }

  /// A byte-level tokenizer whose 96 tokens are the printable characters of ASCII and a line's end.
  private static var tokenizer: String {
    let pieces = (33...126).map { String(UnicodeScalar(UInt8($0))) } + ["Ġ", "Ċ"]
    let quoted = pieces.map { ["\\", "\""].contains($0) ? "\\\($0)" : $0 }
    let vocabulary = quoted.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
    return """
      {"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
      "decoder":{"type":"ByteLevel"},"model":{"type":"BPE","merges":[],"vocab":{\(vocabulary)}}}
      """
  }

  /// ChatML, as many models have it.
  private static let chatTemplate = """
    {% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}\
    {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
    """

  /// Writes the model as one that chats, with room for so many positions.
  static func writeChatting(to path: String, positions: Int = 1024) throws {
    _ = try write(to: path, positions: positions)
    try chatTemplate.write(
      toFile: "\(path)/chat_template.jinja", atomically: true, encoding: .utf8)
  }

  /// Writes the model as a Hugging Face folder; returns its tokens and the logits that follow them.
  static func write(
    to path: String, positions: Int? = nil
  ) throws -> (tokens: [Int], logits: [Double]) {
    let cases = try JSONSerialization.jsonObject(
      with: Data(contentsOf: fixtures.appendingPathComponent("cases.json")))
    let plain = try #require(
      (cases as? [[String: Any]])?.first { $0["name"] as? String == "llama-plain" })
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: fixtures.appendingPathComponent(try #require(plain["weights"] as? String)).path,
      toPath: "\(path)/model.safetensors")
    var config = try #require(plain["config"] as? [String: Any])
    if let positions { config["max_position_embeddings"] = positions }
    try JSONSerialization.data(withJSONObject: config)
      .write(to: URL(fileURLWithPath: "\(path)/config.json"))
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(path)/generation_config.json"))
    try tokenizer.write(
      to: URL(fileURLWithPath: "\(path)/tokenizer.json"), atomically: true, encoding: .utf8)
    return (
      try #require(plain["tokens"] as? [Int]), try #require(plain["logits"] as? [Double])
    )
  }
}
