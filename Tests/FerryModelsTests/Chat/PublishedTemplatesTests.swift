import FerryCheckpoints
import Foundation
import Testing

@testable import FerryModels

/// Chat templates as published, whose texts are not part of Ferry: the file that
/// `Scripts/fixtures/chat.py --published` writes, named by `FERRY_TEST_TEMPLATES`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["FERRY_TEST_TEMPLATES"] != nil))
struct PublishedTemplatesTests {
  /// Prints for every template its digest, whether it is known, and the kinds that print what the reference
  /// does: what ``KnownTemplates`` is made from.
  @Test func knownTemplatesRenderLikeTheReference() throws {
    let path = ProcessInfo.processInfo.environment["FERRY_TEST_TEMPLATES"] ?? ""
    let fixture = try ChatFixture(URL(filePath: path))
    for entry in fixture.templates {
      guard let form = TemplateNormalForm(entry.text) else {
        print("unreadable  \(entry.name)")
        continue
      }
      let style = KnownTemplates.style(of: form)
      let fitting = Self.kinds.filter { kind in
        kind.style(form.values).map { fixture.agrees($0, entry) } ?? false
      }
      print(
        style == nil ? "unknown" : "known  ", SHA256(form.bytes).hexadecimal, entry.name,
        fitting.map { "\($0)" })
      if let style { #expect(fixture.agrees(style, entry), "\(entry.name)") }
    }
  }

  /// Every kind there could be.
  private static let kinds: [KnownTemplates.Kind] = {
    let ends = [
      (" [INST] ", " [/INST]"), ("[INST] ", " [/INST]"), ("[INST] ", "[/INST]"),
      ("[INST]", "[/INST]"),
    ]
    let answers = [
      ("", false, ""), ("", false, " "), (" ", false, ""), (" ", true, ""), ("", true, ""),
    ]
    let places: [MistralStyle.SystemPlace] = [.nowhere, .first, .last, .lastOfUser]
    let mistral = ends.flatMap { end in
      answers.flatMap { answer in
        places.map { place in
          KnownTemplates.Kind.mistral(
            MistralStyle(
              start: end.0, end: end.1, systemPlace: place, answerStart: answer.0,
              stripsAnswers: answer.1, answerEnd: answer.2))
        }
      }
    }
    return [
      .chatML, .headers(alwaysPrompts: true), .headers(alwaysPrompts: false),
      .datedHeaders(today: true),
      .datedHeaders(today: false), .llama2,
    ] + mistral
  }()
}
