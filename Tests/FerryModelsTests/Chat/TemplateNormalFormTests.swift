import FerryCheckpoints
import Foundation
import Testing

@testable import FerryModels

/// A template is known only as a whole.
struct TemplateNormalFormTests {
  private let fixture: ChatFixture

  init() throws { fixture = try ChatFixture() }

  private func style(_ text: String) -> ChatTemplate.Style? {
    TemplateNormalForm(text).flatMap(KnownTemplates.style)
  }

  /// Each of thousands of alterations renders something else in transformers (`Scripts/fixtures/chat.py`): it must be
  /// unknown, or be rendered as altered, for it may have changed the default system message or a date.
  @Test func alteredTemplatesAreUnknownOrRenderedAsAltered() throws {
    let file = ChatFixture.file.appending(path: "mutants.json")
    let list = try JSONValue(parsing: [UInt8](Data(contentsOf: file)), file: "mutants.json")
    let mutants = try #require(list.array).map { $0.array ?? [] }
    #expect(mutants.count == 150 * fixture.templates.count)
    var accepted = 0
    for mutant in mutants {
      let entry = fixture.templates[try #require(mutant[0].int)]
      var text = Array(entry.text.unicodeScalars)
      let (start, end) = try (#require(mutant[1].int), #require(mutant[2].int))
      text.replaceSubrange(start..<end, with: try #require(mutant[3].string).unicodeScalars)
      guard let style = style(String(String.UnicodeScalarView(text))) else { continue }
      accepted += 1
      #expect(
        digest(of: style) == mutant[4].string, "\(entry.name), \(start)..<\(end) \(mutant[3])")
    }
    // Nearly all: what is left are other texts in slots.
    #expect(accepted < mutants.count / 50)
  }

  private func digest(of style: ChatTemplate.Style) -> String {
    let rendered = fixture.renderings(of: ChatTemplate(style, bos: "<s>", eos: "</s>"))
    let joined = rendered.map { $0.map { "+\($0)\0" } ?? "-\0" }.joined()
    return String(SHA256(Array(joined.utf8)).hexadecimal.prefix(16))
  }

  /// The alterations that were once taken for the originals.
  @Test(
    arguments: [
      ("for message in messages", "for message in messages[1:]"),
      ("for message in messages", "for message in messages + messages"), ("'system'", "'user'"),
      ("{% for", "{% set messages = messages + messages %}{% for"),
      ("{% for", "{% if messages|length > 5 %}{% for"), ("loop.first", "loop.last"),
    ])
  func statementsAndConditionsArePartOfTheForm(_ old: String, _ new: String) throws {
    for entry in fixture.templates where entry.text.contains(old) {
      var text = entry.text.replacingOccurrences(of: old, with: new)
      if new.contains("{% if") {
        text = text.replacingOccurrences(of: "{% endfor %}", with: "{% endfor %}{% endif %}")
      }
      #expect(style(text) == nil, "\(entry.name)")
    }
  }

  /// What only lays a template out does not matter.
  @Test func layoutIsNotPartOfTheForm() throws {
    for entry in fixture.templates {
      let known = try #require(style(entry.text))
      let variants = [
        entry.text.replacingOccurrences(of: "['role']", with: ".role"),
        entry.text.replacingOccurrences(of: "message['content']", with: "message[ \"content\" ]"),
        entry.text.replacingOccurrences(of: " + ", with: "+"),
        entry.text.replacingOccurrences(of: "{{ ", with: "{{\n  "),
        "{# A comment. #}" + entry.text, entry.text + "{#- another -#}\n",
        entry.text.replacingOccurrences(of: "\n", with: "\r\n"),
        entry.text.replacingOccurrences(
          of: "raise_exception('roles", with: "raise_exception(\"Conversation roles"
        ).replacingOccurrences(of: "must alternate')", with: "must alternate\")"),
      ]
      for variant in variants { #expect(style(variant) == known, "\(entry.name): \(variant)") }
    }
  }

  @Test func textsInSlotsAreTakenFromTheTemplate() throws {
    let smol = try #require(fixture.templates.first { $0.name == "SmolLM2" }).text
    let own = smol.replacingOccurrences(
      of: "You are a helpful AI assistant named SmolLM, trained by Hugging Face", with: "Be kind.")
    #expect(style(own) == .chatML(systemMessage: "Be kind."))
    #expect(style(own + smol) == nil)
  }

  @Test(
    "what Jinja's lexer drops is dropped, and nothing else",
    arguments: [
      ("a\n", [JinjaLexer.Part.text("a")]), ("a\n\n", [.text("a\n")]),
      ("{{ x }}\n\n", [.output([.name("x")]), .text("\n")]),
      ("{% x %}\n\ny", [.statement([.name("x")]), .text("\ny")]),
      ("  {% x %}  y", [.statement([.name("x")]), .text("  y")]),
      ("a  {% x %}", [.text("a  "), .statement([.name("x")])]),
      ("a\n  {% x %}", [.text("a\n"), .statement([.name("x")])]),
      ("a\n  {%+ x %}", [.text("a\n  "), .statement([.name("x")])]),
      ("  {{ x }}", [.text("  "), .output([.name("x")])]),
      ("a \n {{- x -}} \n b", [.text("a"), .output([.name("x")]), .text("b")]),
      ("{% x +%}\ny", [.statement([.name("x")]), .text("\ny")]),
      ("{{ x }}{# c #}\n  {% y %}", [.output([.name("x")]), .statement([.name("y")])]),
      ("{{ x }}  {% y %}", [.output([.name("x")]), .text("  "), .statement([.name("y")])]),
      (
        "{{ {'a': {}} }}",
        [
          .output([
            .symbol("{"), .string("a"), .symbol(":"), .symbol("{"), .symbol("}"), .symbol("}"),
          ])
        ]
      ),
      ("{{ 'a}}b' }}", [.output([.string("a}}b")])]),
      ("{{ \"it's\\n\" -}}", [.output([.string("it's\n")])]),
    ])
  func lexing(_ text: String, _ parts: [JinjaLexer.Part]) {
    #expect(JinjaLexer.parts(of: text) == parts)
  }

  @Test(
    arguments: [
      "{{ x", "{% x }}", "{{ 'x }}", "{# x", "{{ '\\x41' }}", "{% raw %}{{ x }}{% endraw %}",
      "{{ ) }}",
      "{{ § }}",
    ])
  func whatTheLexerDoesNotKnowIsNoTemplate(_ text: String) {
    #expect(JinjaLexer.parts(of: text) == nil)
  }

  @Test func digestsAreThoseOfTheStandard() {
    #expect(
      SHA256(Array("abc".utf8)).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256([]).hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(
      SHA256(Array(long.utf8)).hexadecimal
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }
}
