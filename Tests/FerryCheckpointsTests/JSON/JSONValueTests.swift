import Testing

@testable import FerryCheckpoints

func parse(_ text: String, maximumDepth: Int = JSONValue.usualDepth) throws(CheckpointError)
  -> JSONValue
{
  try JSONValue(parsing: Array(text.utf8), file: "some.json", maximumDepth: maximumDepth)
}

@Suite struct JSONValueTests {
  @Test func keepsOrderAndSpelling() throws {
    let value = try parse(#" {"b": 1.50, "a": [true, false, null, -0, 1e-05], "": {}} "#)
    #expect(value.serialized() == #"{"b":1.50,"a":[true,false,null,-0,1e-05],"":{}}"#)
    #expect(value["a"]?.array?.count == 5)
    #expect(value["b"]?.double == 1.5)
    #expect(value["none"] == nil)
  }

  @Test func spacesAsPythonDoes() throws {
    let value = try parse(#"{"quant_type":"nf4","shape":[3,5],"x":{},"y":[]}"#)
    let text = #"{"quant_type": "nf4", "shape": [3, 5], "x": {}, "y": []}"#
    #expect(value.serialized(.spaced) == text)
  }

  @Test func indentsAsConfigurationsAre() throws {
    let value = try parse(#"{"a":[1,2],"b":{"c":null},"d":{}}"#)
    let text = """
      {
        "a": [
          1,
          2
        ],
        "b": {
          "c": null
        },
        "d": {}
      }
      """
    #expect(value.serialized(.indented) == text)
  }

  @Test(arguments: [
    (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"),
    (#""\u0041\u00e9\u20AC\ud83d\ude00""#, "Aé€😀"),
    (#""x\u0000y""#, "x\u{0}y"),
    (#""é€😀""#, "é€😀"),
    ("\"\u{7f}\"", "\u{7f}"),
    ("\"\"", ""),
  ])
  func readsStrings(text: String, expected: String) throws {
    let value = try #require(try parse(text).string)
    #expect(Array(value.utf8) == Array(expected.utf8))
    #expect(try parse(JSONValue.string(value).serialized()).string == expected)
  }

  @Test(arguments: ["0", "-0", "10", "-1.25", "1e5", "1E+5", "0.0e-0", "123456789012345678901"])
  func readsNumbers(text: String) throws {
    #expect(try parse(text).serialized() == text)
    #expect(try parse(text).double == Double(text))
  }

  @Test func tellsWholeNumbers() throws {
    #expect(try parse("12").integer == 12)
    #expect(try parse("12.0").integer == nil)
    #expect(try parse("12.0").int == 12)
    #expect(try parse("9223372036854775808").integer == nil)
    #expect(try parse("9223372036854775808").int == nil)
    #expect(try parse("true").int == nil)
  }

  @Test(arguments: [
    "", " ", "01", "-", "1.", ".5", "1e", "1e+", "+1", "0x1", "NaN", "Infinity", "-Infinity",
    "tru", "truex", "nul", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{}}", "{\"a\"}",
    "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "'a'", "\"",
    "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800x\"",
    "\"\\ud800\\n\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"", "\"\n\"", "\"\t\"",
    "\"\u{0}\"", "1 2", "[] []", "// no\n1", "/**/1", "\u{feff}1", "1\u{0}", "\u{a0}1",
  ])
  func refuses(text: String) {
    let error = #expect(throws: CheckpointError.self) { try parse(text) }
    #expect(error?.code == .malformed)
    #expect(error?.file == "some.json")
  }

  @Test(
    arguments: [
      [0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0x80, 0x22], [0x22, 0x5c, 0x6e, 0xff, 0x22], [0xff],
    ] as [[UInt8]])
  func refusesInvalidEncoding(bytes: [UInt8]) {
    let error = #expect(throws: CheckpointError.self) {
      try JSONValue(parsing: bytes, file: "some.json")
    }
    #expect(error?.code == .malformed)
  }

  @Test func comparesKeysAsBytes() throws {
    let composed = "\u{e9}"
    let decomposed = "e\u{301}"
    let value = try parse("{\"\(composed)\":1,\"\(decomposed)\":2}")
    #expect(value[composed]?.integer == 1)
    #expect(value[decomposed]?.integer == 2)
    #expect(throws: CheckpointError.self) { try parse(#"{"a":1,"b":2,"\u0061":3}"#) }
    #expect(throws: CheckpointError.self) { try parse("{\"x\":{\"\":1,\"\":1}}") }
  }

  @Test func boundsTheDepth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(64))
    let error = #expect(throws: CheckpointError.self) { try parse(nested(65)) }
    #expect(error?.message.contains("64") == true)
    #expect(throws: CheckpointError.self) { try parse(nested(1_000_000)) }
    #expect(throws: CheckpointError.self) { try parse(#"{"a":{"a":{"a":1}}}"#, maximumDepth: 2) }
  }

  @Test func readsLargeObjectsInLinearTime() throws {
    let text = "{" + (0..<50_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",") + "}"
    #expect(try parse(text).object?.count == 50_000)
  }

  @Test func survivesMutations() {
    let seed = #"{"a":[1,2.5e-3,"x\u00e9\ud83d\ude00"],"b":{"c":null,"d":true},"é":"ü"}"#
    var random = SplitMix64(seed: 1)
    for _ in 0..<4000 {
      var bytes = Array(seed.utf8)
      for _ in 0...Int(random.next() % 3) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      bytes.removeLast(Int(random.next() % UInt64(bytes.count)) / 4)
      guard let value = try? JSONValue(parsing: bytes, file: "some.json") else { continue }
      let again = try? JSONValue(parsing: Array(value.serialized().utf8), file: "again.json")
      #expect(again?.serialized() == value.serialized())
    }
  }
}

/// A small deterministic generator.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
