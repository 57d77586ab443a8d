import FerryCheckpoints
import Foundation
import Testing

@testable import FerryModels

/// Every key that transformers looks at is in Ferry's lists (`Scripts/fixtures/configurations.py`).
@Suite struct ConfigurationKeysTests {
  /// For each family, the keys and what other values of them do to the result.
  private static let found: [String: [String: [String]]] = {
    let file = ConfigurationCaseTests.folder.appending(path: "keys.json")
    guard let data = try? Data(contentsOf: file),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return [:] }
    return object["keys"] as? [String: [String: [String]]] ?? [:]
  }()

  private static let lists: [(String, ConfigurationKeys)] =
    LlamaConfiguration.Family.allCases.map { ($0.rawValue, $0.keys) }
    + [("bert", BertConfiguration.keys), ("rope_parameters", RotaryEmbedding.keys)]

  @Test func everyKeyOfTransformersIsKnown() throws {
    for (family, list) in Self.lists {
      let keys = try #require(Self.found[family])
      #expect(keys.count > 15)
      let unknown = keys.keys.filter { list.roles[$0] == nil }.sorted()
      #expect(unknown.isEmpty, "\(family): \(unknown)")
    }
  }

  @Test func whatIsCalledWithoutEffectHasNone() throws {
    for (family, list) in Self.lists {
      for (key, effects) in try #require(Self.found[family]) where effects.contains("changes") {
        guard case .withoutEffect? = list.roles[key] else { continue }
        Issue.record("\(family): '\(key)' changes what transformers computes")
      }
    }
  }

  @Test(
    arguments: [
      #""is_causal": false"#, #""is_causal": null"#,
      #""per_layer_config": {"0": {"rms_norm_eps": 1}}"#,
      #""attribute_map": {"rms_norm_eps": "other"}"#, #""text_config": {"hidden_size": 4}"#,
      #""configuration_files": ["config.4.0.0.json"]"#,
      #""transformers_weights": "other.safetensors""#,
    ])
  func whatChangesTheResultIsRefusedByName(_ member: String) throws {
    let document =
      #"{"model_type": "KIND", "vocab_size": 10, "hidden_size": 48, \#(member), "#
      + #""num_hidden_layers": 1, "num_attention_heads": 3, "intermediate_size": 8}"#
    let key = try #require(member.split(separator: "\"").first)
    // An encoder sees both sides in any case.
    for (kind, _) in Self.lists.dropLast() where kind != "bert" || key != "is_causal" {
      let text = document.replacingOccurrences(of: "KIND", with: kind)
      let root = try JSONValue(parsing: Array(text.utf8), file: "config.json")
      let error = #expect(throws: ModelError.self) {
        _ = try LlamaConfiguration(huggingFace: root)
        _ = try BertConfiguration(huggingFace: root)
      }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("'\(key)'") == true)
    }
  }

  /// Fine-tunes carry keys of all sorts; transformers looks at none of these.
  @Test func keysThatTransformersDoesNotLookAtAreIgnored() throws {
    let text = """
      {"model_type": "llama", "vocab_size": 10, "hidden_size": 48, "num_hidden_layers": 1,
       "num_attention_heads": 3, "intermediate_size": 8, "unsloth_version": "2025.1", "_name": [1],
       "auto_map": {"AutoModel": "a.B"}, "attn_logit_softcapping": 5, "logits_scaling": 8}
      """
    let root = try JSONValue(parsing: Array(text.utf8), file: "config.json")
    #expect(try LlamaConfiguration(huggingFace: root) != nil)
  }
}
