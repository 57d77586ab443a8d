import FerryCheckpoints
import FerryModels
import Testing

/// What the files of sentence-transformers ask for.
@Suite struct SentenceConventionTests {
  private func convention(_ files: [String: String]) async throws -> SentenceConvention {
    let alone = try #require(BertFixture.all.last)
    return try await alone.withFolder(changing: files) { path in
      try SentenceConvention(Checkpoint(path: path))
    }
  }

  private static let pooled =
    #"[{"type": "sentence_transformers.models.Transformer", "path": ""}, "#
    + #"{"type": "a.b.Pooling", "path": "1_Pooling"}]"#

  @Test func anEncoderAloneIsPooledByTheMean() async throws {
    #expect(try await convention([:]) == SentenceConvention())
  }

  @Test func theFilesAreRead() async throws {
    let folders = try await BertFixture.all.asyncMap { fixture in
      try await fixture.withFolder { try SentenceConvention(Checkpoint(path: $0)) }
    }
    #expect(folders[0] == SentenceConvention(normalizes: true, maximumTokens: 16))
    #expect(folders[1] == SentenceConvention(pooling: .first, lowercases: true))
  }

  @Test(arguments: [
    (#"{"pooling_mode": "cls"}"#, SentenceConvention.Pooling.first),
    (#"{"pooling_mode": ["cls"], "include_prompt": false}"#, .first),
    (#"{"pooling_mode": "cls", "pooling_mode_mean_tokens": true}"#, .first),
    (#"{"word_embedding_dimension": 3, "pooling_mode_mean_tokens": true}"#, .mean),
    (#"{"pooling_mode": "mean"}"#, .mean), (#"{"pooling_mode_cls_token": true}"#, .first),
    ("{}", .mean),
  ])
  func poolingIsNamedOrFlagged(
    _ config: String, _ pooling: SentenceConvention.Pooling
  ) async throws {
    let found = try await convention([
      "modules.json": Self.pooled, "1_Pooling/config.json": config,
      "tokenizer_config.json": #"{"model_max_length": 33}"#,
    ])
    #expect(found == SentenceConvention(pooling: pooling, maximumTokens: 33))
  }

  @Test func whatTheLatestVersionWritesIsRead() async throws {
    let found = try await convention([
      "sentence_bert_config.json": """
      {"transformer_task": "feature-extraction", "max_seq_length": 21, "unpad_inputs": true,
       "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
       "module_output_name": "token_embeddings", "processing_kwargs": {}}
      """,
      "config_sentence_transformers.json": """
      {"__version__": {"transformers": "5.24.0"}, "model_type": "SentenceTransformer",
       "prompts": {"query": "", "document": ""}, "default_prompt_name": null,
       "similarity_fn_name": "cosine"}
      """,
    ])
    #expect(found == SentenceConvention(maximumTokens: 21))
  }

  /// A limit beyond any number of tokens is none.
  @Test func alimitThatIsNoneIsNone() async throws {
    let found = try await convention([
      "tokenizer_config.json": #"{"model_max_length": 1000000000000000019884624838656}"#
    ])
    #expect(found.maximumTokens == nil)
  }

  @Test(arguments: [
    ["1_Pooling/config.json": #"{"pooling_mode_max_tokens": true}"#, "modules.json": pooled],
    ["1_Pooling/config.json": #"{"pooling_mode": "lasttoken"}"#, "modules.json": pooled],
    ["modules.json": #"[{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}]"#],
    ["modules.json": #"[{"type": "x.Pooling", "path": "../elsewhere"}]"#],
    ["modules.json": #"[{"type": "x.Pooling", "path": "9_Pooling"}]"#],
    ["modules.json": #"[{"type": "x.Transformer", "path": ""}]"#],
    [
      "modules.json":
        #"[{"type": "x.Pooling", "path": "1_Pooling"}, {"type": "x.Transformer", "path": ""}]"#
    ],
    [
      "modules.json": pooled.replacing(
        "]", with: #", {"type": "x.Normalize", "path": "2_Normalize"}]"#),
      "1_Pooling/config.json": "{}",
      "2_Normalize/config.json": #"{"module_input_name": "token_embeddings"}"#,
    ],
    ["1_Pooling/config.json": #"{"pooling_mode": ["mean", "max"]}"#, "modules.json": pooled],
    ["1_Pooling/config.json": #"{"pooling_mode": []}"#, "modules.json": pooled],
    ["1_Pooling/config.json": #"{"pooling_mode": 1}"#, "modules.json": pooled],
    ["1_Pooling/config.json": #"{"temperature": 2}"#, "modules.json": pooled],
    ["config_sentence_transformers.json": #"{"default_prompt_name": "query"}"#],
    ["config_sentence_transformers.json": #"{"truncate_dim": 16}"#],
    ["config_sentence_transformers.json": #"{"model_type": "SparseEncoder"}"#],
    ["sentence_bert_config.json": #"{"transformer_task": "fill-mask"}"#],
    ["sentence_bert_config.json": #"{"module_output_name": "pooler_output"}"#],
    ["sentence_bert_config.json": #"{"config_args": {"is_decoder": true}}"#],
    ["sentence_bert_config.json": #"{"processing_kwargs": {"text": {"max_length": 4}}}"#],
    [
      "sentence_bert_config.json":
        #"{"modality_config": {"text": {"method": "forward", "method_output_name": "pooler_output"}}}"#
    ],
    ["sentence_bert_config.json": #"{"do_lower_case": "yes"}"#],
    ["sentence_bert_config.json": #"{"unheard_of": 1}"#],
  ])
  func whatIsNotImplementedIsAnError(_ files: [String: String]) async throws {
    await #expect(throws: ModelError.self) { try await convention(files) }
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value]
  {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}
