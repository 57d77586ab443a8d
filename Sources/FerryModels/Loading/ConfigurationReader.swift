import FerryCheckpoints

/// A section of a `config.json`, read key by key: an absent key takes its default, and a value of the
/// wrong kind is an error that names the key. `null` counts as absent.
struct ConfigurationReader {
  private let section: JSONValue

  init(_ section: JSONValue) { self.section = section }

  /// The value of a key, unless it is absent or null.
  subscript(key: String) -> JSONValue? {
    section[key].flatMap { $0.isNull ? nil : $0 }
  }

  /// A section without any key.
  static var empty: ConfigurationReader { ConfigurationReader(.object([])) }

  /// The members, in file order.
  var members: [JSONValue.Member] { section.object ?? [] }

  /// Returns true if the key is present, even if its value is null.
  func has(_ key: String) -> Bool { section[key] != nil }

  /// Whether the key is there and its value is null.
  func isNull(_ key: String) -> Bool { section[key]?.isNull ?? false }

  /// Returns the section under a key; nil if the key is absent or null.
  func section(_ key: String) throws(ModelError) -> ConfigurationReader? {
    guard let value = self[key] else { return nil }
    guard value.object != nil else { throw wrong(key, "a section") }
    return ConfigurationReader(value)
  }

  /// Returns a string.
  func text(_ key: String, default fallback: String) throws(ModelError) -> String {
    guard let value = self[key] else { return fallback }
    guard let text = value.string else { throw wrong(key, "a text") }
    return text
  }

  /// Throws if the value of one of the keys is null and null does not mean the default.
  func refuseNull(_ keys: String...) throws(ModelError) {
    if let key = keys.first(where: isNull) { throw wrong(key, "there: it is null") }
  }

  /// A whole number within bounds that no model leaves.
  func size(_ key: String, default fallback: Int? = nil, in bounds: ClosedRange<Int> = 1...1 << 30)
    throws(ModelError) -> Int
  {
    guard let value = self[key] else { return try required(key, fallback) }
    guard let size = value.int, bounds.contains(size) else {
      throw wrong(key, "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return size
  }

  /// A number.
  func number(_ key: String, default fallback: Double? = nil) throws(ModelError) -> Double {
    guard let value = self[key] else { return try required(key, fallback) }
    guard let number = value.double, number.isFinite else { throw wrong(key, "a number") }
    return number
  }

  /// A truth value.
  func flag(_ key: String, default fallback: Bool = false) throws(ModelError) -> Bool {
    guard let value = self[key] else { return fallback }
    guard let flag = value.bool else { throw wrong(key, "true or false") }
    return flag
  }

  /// A whole number or a list of them; empty if absent.
  func sizes(_ key: String) throws(ModelError) -> [Int] {
    guard let value = self[key] else { return [] }
    if let one = value.int { return [one] }
    let several = value.array?.map(\.int) ?? [nil]
    guard !several.contains(nil) else { throw wrong(key, "a whole number or a list of them") }
    return several.compactMap(\.self)
  }

  private func required<Value>(_ key: String, _ fallback: Value?) throws(ModelError) -> Value {
    guard let fallback else { throw ModelError(.malformed, "the configuration lacks '\(key)'") }
    return fallback
  }

  private func wrong(_ key: String, _ expected: String) -> ModelError {
    ModelError(.malformed, "'\(key)' of the configuration is not \(expected)")
  }
}
