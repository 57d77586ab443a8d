/// A JSON document as it stands in a file: objects keep their order, numbers their spelling.
///
/// Foundation's decoders accept duplicate keys, fold canonically equivalent strings into one key and
/// recurse without bound; headers of untrusted files need the opposite.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// The number as spelled ("1e-05").
  case number(String)
  case string(String)
  case array([JSONValue])
  /// Members in file order; keys are distinct as byte sequences, unless the document was parsed with repeated keys
  /// kept.
  case object([Member])

  /// One member of an object.
  package struct Member: Sendable {
    package var key: String
    package var value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// The value of the member with this key, compared byte for byte; nil if there is none or this is
  /// not an object. Linear: build a dictionary of ``ExactString`` for large objects.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.hasSameBytes(as: key) }?.value
  }

  /// The text, if this is a string.
  package var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The truth value, if this is one.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The elements, if this is an array.
  package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

  /// The members, if this is an object.
  package var object: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// The number, if this is one spelled as a whole number that fits ("12", not "12.0" or "1e3").
  package var integer: Int? { if case .number(let text) = self { Int(text) } else { nil } }

  /// The number, if this is one without fraction that fits.
  package var int: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
  }

  /// The number, if this is one.
  package var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }

  /// Whether this is `null`.
  package var isNull: Bool { if case .null = self { true } else { false } }
}
