import ArgumentParser
import FoundationEssentials

/// The flag that every command has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document on stdout instead of text.")
  var json = false

  /// Prints `document` as JSON if requested, otherwise the text that `text` returns. This is a command's last action
  /// and claims success.
  func show(_ document: some Encodable, text: () -> String) throws {
    let text = json ? try Self.encoded(document) : text()
    Ending.claimResult()
    ProgressLine.clear()
    Standard.output.write(text)
    Ending.finish()
  }

  private static func encoded(_ document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }
}

/// An optional that is `null` in JSON when it is nil, and not left out.
@propertyWrapper
struct Nullable<Value: Encodable & Sendable>: Encodable, Sendable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue {
      try container.encode(wrappedValue)
    } else {
      try container.encodeNil()
    }
  }
}
