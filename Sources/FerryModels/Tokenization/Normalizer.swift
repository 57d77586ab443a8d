/// What happens to text before it is cut into words.
enum Normalizer: Sendable {
  /// Canonical composition.
  case nfc
  /// Text put in front of any text that is not empty.
  case prepend([UInt8])
  /// Every occurrence of one byte string replaced by another.
  case replace([UInt8], with: [UInt8])
  /// What BERT's tokenizers do.
  case bert(BertNormalizer)

  func apply(_ text: inout [UInt8]) {
    switch self {
    case .nfc: Self.compose(&text)
    case .prepend(let prefix): if !text.isEmpty { text.insert(contentsOf: prefix, at: 0) }
    case .replace(let pattern, let content): text = text.replacing(pattern, with: content)
    case .bert(let normalizer): normalizer.apply(&text)
    }
  }

  /// ASCII is composed as it stands; so is everything below U+0300, where the first scalar lies
  /// that could combine with its predecessor.
  private static func compose(_ text: inout [UInt8]) {
    guard text.contains(where: { $0 >= 0xcc }) else { return }
    let scalars = text.unicodeScalars
    guard scalars.contains(where: { ScalarClass(of: $0).contains(.composing) }) else { return }
    text = [UInt8](CanonicalForms.composed(scalars))
  }
}

extension [UInt8] {
  /// The Unicode scalars of this valid UTF-8.
  var unicodeScalars: [Unicode.Scalar] {
    withUnsafeBufferPointer { bytes in
      var scalars: [Unicode.Scalar] = []
      scalars.reserveCapacity(bytes.count)
      var position = 0
      while position < bytes.count {
        scalars.append(TextCursor.scalar(bytes, at: position))
        position += TextCursor.width(bytes[position])
      }
      return scalars
    }
  }

  /// Creates the UTF-8 encoding of these scalars.
  init(_ scalars: [Unicode.Scalar]) {
    self.init()
    reserveCapacity(scalars.count * 2)
    for scalar in scalars {
      append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  /// These bytes with every occurrence of `pattern`, found from the left, replaced.
  func replacing(_ pattern: [UInt8], with content: [UInt8]) -> [UInt8] {
    guard !pattern.isEmpty else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    var position = 0
    while position < count {
      if self[position] == pattern[0], self[position...].starts(with: pattern) {
        result.append(contentsOf: content)
        position += pattern.count
      } else {
        result.append(self[position])
        position += 1
      }
    }
    return result
  }
}
