import FerryModels
import Testing

struct TokenDecoderTests {
  /// Every prefix of what comes is whole characters, and all of it is what decoding at once gives.
  @Test(arguments: TokenizerTests.families) func streamsWhatDecodingAtOnceGives(
    family: String
  ) throws {
    let fixture = try TokenizerFixture(family)
    let tokenizer = try TokenizerFixture.tokenizer(family)
    for ids in fixture.tokens("ids") + fixture.tokens("sequences") {
      var decoder = TokenDecoder(tokenizer, skippingSpecialTokens: true)
      var streamed: [UInt8] = []
      for id in ids { streamed += decoder.append(id).utf8 }
      streamed += decoder.finish().utf8
      let whole = tokenizer.decode(ids, skippingSpecialTokens: true)
      #expect(streamed == Array(whole.utf8), "\(ids)")
    }
  }

  @Test func holdsBackACharacterUntilItIsWhole() throws {
    let tokenizer = try TokenizerFixture.tokenizer("gpt2")
    let ids = tokenizer.encode("\u{10ffff}")
    #expect(ids.count == 4)
    var decoder = TokenDecoder(tokenizer)
    #expect(ids.map { decoder.append($0) } == ["", "", "", "\u{10ffff}"])
    #expect(decoder.finish() == "")
  }

  @Test func whatNeverBecomesACharacterIsReplaced() throws {
    let tokenizer = try TokenizerFixture.tokenizer("gpt2")
    let ids = tokenizer.encode("\u{10ffff}")
    var decoder = TokenDecoder(tokenizer)
    #expect(decoder.append(ids[0]) == "")
    #expect(decoder.append(tokenizer.encode("a")[0]) == "\u{fffd}a")
    #expect(decoder.append(ids[0]) == "")
    #expect(decoder.finish() == "\u{fffd}")
  }
}
