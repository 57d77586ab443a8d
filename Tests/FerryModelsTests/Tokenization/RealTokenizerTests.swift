import FerryCheckpoints
import FerryModels
import Foundation
import Testing

/// The tokenizer of the real SmolLM2, against the reference with the same vocabulary.
@Suite(.enabled(if: RealVocabulary.folder != nil, "needs FERRY_TEST_WEIGHTS"))
struct RealTokenizerTests {
  private func checkpoint() throws -> Checkpoint {
    let folder = try #require(RealVocabulary.folder)
    return try Checkpoint(path: folder + "/SmolLM2-135M-Instruct.Q4_1.gguf")
  }

  @Test func encodesAndDecodesLikeTheReference() throws {
    let fixture = try TokenizerFixture("SmolLM2-135M-Instruct")
    let tokenizer = try Tokenizer(checkpoint())
    let expected = fixture.tokens("ids")
    #expect(expected.count == fixture.strings.count)
    for (text, ids) in zip(fixture.strings, expected) {
      #expect(tokenizer.encode(text) == ids, "\(text.scalars)")
    }
    for (ids, text) in zip(fixture.tokens("sequences"), fixture.texts("sequencesDecoded")) {
      #expect(Array(tokenizer.decode(ids).utf8) == Array(text.utf8), "\(ids)")
    }
    #expect(tokenizer.vocabularySize == 49_152)
  }

  @Test func knowsItsEndAndItsTemplate() throws {
    let checkpoint = try checkpoint()
    let tokenizer = try Tokenizer(checkpoint)
    #expect(tokenizer.endOfText.contains(try #require(tokenizer.token("<|im_end|>"))))
    #expect(tokenizer.encode("x", addingSpecialTokens: true) == tokenizer.encode("x"))
    let text = try ChatTemplate(checkpoint, tokenizer).render([ChatMessage(.user, "Hi")])
    #expect(
      text == "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging "
        + "Face<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
  }
}

/// Where real weights are, if anywhere.
private enum RealVocabulary {
  static let folder = ProcessInfo.processInfo.environment["FERRY_TEST_WEIGHTS"]
}
