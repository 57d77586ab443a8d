import Testing

@testable import FerryFormats

@Suite struct NumberSpellingTests {
  @Test("a NaN has no payload and no sign in messages")
  func notANumber() {
    for nan in [Float.nan, -Float.nan, Float(nan: 0x91a56, signaling: false)] {
      #expect(nan.spelledForMessages == "nan")
      #expect(FormatError.notFinite(nan, at: 3).message.contains("element 3 is nan, and"))
    }
    #expect((-Float.infinity).spelledForMessages == "-inf" && 1.5.spelledForMessages == "1.5")
  }

  @Test(
    "one of something is singular",
    arguments: [(0, "0 weights"), (1, "1 weight"), (2, "2 weights")])
  func counts(_ count: Int, _ text: String) { #expect(count.counted("weight") == text) }
}
