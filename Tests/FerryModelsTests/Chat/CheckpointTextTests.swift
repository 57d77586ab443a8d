import FerryCheckpoints
import FerryModels
import Foundation
import Testing

/// Tokenizers and chat templates of whole checkpoints.
struct CheckpointTextTests {
  /// A folder with one weight and these files, removed with the value.
  private final class Folder {
    let path = NSTemporaryDirectory() + "ferry-text-\(UUID().uuidString)"

    init(_ files: [String: String]) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let header = Data(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
      let size = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
      let weights = size + header + Data(count: 4)
      try weights.write(to: URL(filePath: path + "/model.safetensors"))
      for (name, text) in files {
        try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private func tokenizerJSON() throws -> String {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(
      contentsOf: tests.appending(path: "Fixtures/Tokenizers/qwen2.json"), encoding: .utf8)
  }

  @Test func aFolderTellsItsTokenizerItsEndsAndItsTemplate() throws {
    let chatML =
      "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + "
      + "message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
      + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    let folder = try Folder([
      "tokenizer.json": try tokenizerJSON(),
      "tokenizer_config.json": #"{"eos_token": "<|im_end|>", "chat_template": "{{ 'other' }}"}"#,
      "generation_config.json": #"{"eos_token_id": [3, 4]}"#,
      "config.json": #"{"eos_token_id": 5}"#,
      "chat_template.jinja": chatML,
    ])
    let checkpoint = try Checkpoint(path: folder.path)
    let tokenizer = try Tokenizer(checkpoint)
    let end = try #require(tokenizer.token("<|im_end|>"))
    #expect(tokenizer.endOfText == [end, 3, 4, 5])
    let template = try ChatTemplate(checkpoint, tokenizer)
    let text = try template.render([ChatMessage(.user, "Hi")])
    #expect(text == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
    #expect(tokenizer.encode(text).filter { $0 == end }.count == 1)
  }

  @Test func aFolderWithoutTokenizerIsAnErrorThatNamesTheFile() throws {
    let folder = try Folder([:])
    let error = #expect(throws: TokenizerError.self) {
      try Tokenizer(Checkpoint(path: folder.path))
    }
    #expect(error?.code == .missing)
    #expect(error?.message.contains("tokenizer.json") == true)
  }

  @Test func aFolderWithoutTemplateIsAnErrorThatNamesRaw() throws {
    let folder = try Folder(["tokenizer.json": try tokenizerJSON()])
    let checkpoint = try Checkpoint(path: folder.path)
    let error = #expect(throws: ChatTemplateError.self) {
      try ChatTemplate(checkpoint, try Tokenizer(checkpoint))
    }
    #expect(error?.code == .missing)
    #expect(error?.message.contains("--raw") == true)
  }
}
