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
    case arrays([Value])
  }

  /// The pairs.
  package let values: [String: Value]

  package init(values: [String: Value]) { self.values = values }

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
