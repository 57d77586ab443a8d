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
    ["config_sentence_transformers.json": #"{"default_prompt_name": "query"}"#],
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
