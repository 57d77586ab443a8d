/// The key-value pairs of a GGUF file.
package struct GGUFMetadata: Sendable {
  /// A value, in the types that Ferry needs.
  package enum Value: Sendable {
    case int(Int)
    case float(Double)
    case bool(Bool)
    case string(String)
    case strings([String])
    case ints([Int])
    case floats([Double])
    case bools([Bool])
    /// A valid value that Ferry does not need; only its key is recorded.
    case unread
  }

  /// The pairs.
  package let values: [String: Value]

  package init(values: [String: Value]) { self.values = values }

  /// The number of this file among the parts of a split model, starting at 1, and the number of parts; nil for a whole
  /// model.
  package var split: (part: Int, count: Int)? {
    guard let count = int("split.count"), count > 1 else { return nil }
    let number = int("split.no") ?? 0
    return (number < .max ? number + 1 : number, count)
  }

  /// The text under `key`, if it is one.
  package func string(_ key: String) -> String? {
    if case .string(let value)? = values[key] { value } else { nil }
  }

  /// The whole number under `key`, if it is one.
  package func int(_ key: String) -> Int? {
    if case .int(let value)? = values[key] { value } else { nil }
  }

  /// The number under `key`, if it is one.
  package func double(_ key: String) -> Double? {
    switch values[key] {
    case .float(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }

  /// The truth value under `key`, if it is one.
  package func bool(_ key: String) -> Bool? {
    if case .bool(let value)? = values[key] { value } else { nil }
  }

  /// The texts under `key`, if it is an array of them.
  package func strings(_ key: String) -> [String]? {
    if case .strings(let value)? = values[key] { value } else { nil }
  }

  /// The whole numbers under `key`, if it is an array of them.
  package func ints(_ key: String) -> [Int]? {
    if case .ints(let value)? = values[key] { value } else { nil }
  }
}
