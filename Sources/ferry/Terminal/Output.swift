import ArgumentParser
import FoundationEssentials

/// The flag that every command has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document on stdout instead of text.")
  var json = false

  /// Prints `document` as JSON if asked to, and else what `text` makes.
  func show(_ document: some Encodable, text: () -> String) throws {
    ProgressLine.clear()
    guard json else { return Standard.output.write(text()) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(document)
    Standard.output.write(String(decoding: data, as: UTF8.self) + "\n")
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
