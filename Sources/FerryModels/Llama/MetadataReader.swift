import FerryCheckpoints

/// A reader of one architecture's metadata, key by key; errors name the key.
struct MetadataReader {
  private let metadata: GGUFMetadata
  private let prefix: String

  init(_ metadata: GGUFMetadata, prefix: String) {
    self.metadata = metadata
    self.prefix = prefix
  }

  /// Throws if there is an unknown key of the architecture, because its value could change what the model computes.
  func refuseUnknown() throws(ModelError) {
    for (key, value) in metadata.values.sorted(by: { $0.key < $1.key })
    where key.hasPrefix(prefix + ".") {
      let name = String(key.dropFirst(prefix.count + 1))
      if GGUFKeys.read.contains(name) || GGUFKeys.withoutEffect.contains(name) { continue }
      if case .bool(let flag) = value, flag == GGUFKeys.only[name] { continue }
      throw ModelError(
        .unsupported,
        "the metadata key '\(key)' changes what the model computes, and this is not implemented")
    }
  }

  func string(_ key: String) throws(ModelError) -> String? {
    let key = "\(prefix).\(key)"
    guard metadata.values[key] != nil else { return nil }
    guard let text = metadata.string(key) else { throw wrong(key, "a text") }
    return text
  }

  func optionalSize(_ key: String, in bounds: ClosedRange<Int> = 1...1 << 30)
    throws(ModelError) -> Int?
  {
    let key = "\(prefix).\(key)"
    guard let value = metadata.values[key] else { return nil }
    if let size = metadata.int(key), bounds.contains(size) { return size }
    // Some converters write one value per layer.
    if case .ints(let sizes) = value, let first = sizes.first, bounds.contains(first),
      sizes.allSatisfy({ $0 == first })
    {
      return first
    }
    throw ModelError(
      .unsupported,
      "\(key) is not one whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
  }

  func size(_ key: String, default fallback: Int? = nil, in bounds: ClosedRange<Int> = 1...1 << 30)
    throws(ModelError) -> Int
  {
    guard let size = try optionalSize(key, in: bounds) ?? fallback else { throw missing(key) }
    return size
  }

  func number(_ key: String, default fallback: Double? = nil) throws(ModelError) -> Double {
    let name = "\(prefix).\(key)"
    guard metadata.values[name] != nil else {
      guard let fallback else { throw missing(key) }
      return fallback
    }
    guard let number = metadata.double(name), number.isFinite else { throw wrong(name, "a number") }
    return number
  }

  private func wrong(_ key: String, _ expected: String) -> ModelError {
    ModelError(.malformed, "the metadata key '\(key)' is not \(expected)")
  }

  /// Returns the size of an attention head, which must be the same for keys and values.
  func headSize(default fallback: Int) throws(ModelError) -> Int {
    let size = try size("attention.key_length", default: fallback)
    guard try self.size("attention.value_length", default: fallback) == size else {
      throw ModelError(.unsupported, "keys and values of different sizes are not implemented")
    }
    return size
  }

  private func missing(_ key: String) -> ModelError {
    ModelError(.malformed, "the file lacks the metadata key '\(prefix).\(key)'")
  }
}
