/// The mappings that ``CanonicalForms`` needs, read from ``CanonicalTable``; Hangul syllables are computed.
struct CanonicalMappings: Sendable {
  static let shared = CanonicalMappings()

  private var classes: [Unicode.Scalar: UInt8] = [:]
  private var decompositions: [Unicode.Scalar: [Unicode.Scalar]] = [:]
  private var composites: [UInt64: Unicode.Scalar] = [:]

  private init() {
    readClasses()
    TableText.forEachItem(CanonicalTable.decompositions) { item in
      guard let scalar = Unicode.Scalar(item.scalar()) else { return }
      let composes = item.sign() == "="
      let parts = item.scalars().compactMap(Unicode.Scalar.init)
      decompositions[scalar] = parts
      if composes { composites[Self.key(parts[0], parts[1])] = scalar }
    }
  }

  private mutating func readClasses() {
    TableText.forEachItem(CanonicalTable.combiningClasses) { item in
      let number = UInt8(item.decimal())
      _ = item.sign()
      repeat {
        for value in item.range() {
          if let scalar = Unicode.Scalar(value) { classes[scalar] = number }
        }
      } while item.skip(",")
    }
  }

  /// Returns the canonical combining class; 0 for scalars that are not reordered.
  func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    ScalarClass(of: scalar).contains(.composing) ? classes[scalar] ?? 0 : 0
  }

  /// Appends the full canonical decomposition of a scalar.
  func append(decomposed scalar: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
    if let syllable = Hangul(scalar) {
      result += syllable.parts
    } else if ScalarClass(of: scalar).contains(.decomposing), let parts = decompositions[scalar] {
      for part in parts { append(decomposed: part, to: &result) }
    } else {
      result.append(scalar)
    }
  }

  /// Returns the composition of two scalars; nil if there is none.
  func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    Hangul.composite(first, second) ?? composites[Self.key(first, second)]
  }

  private static func key(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
    UInt64(first.value) << 32 | UInt64(second.value)
  }
}

/// A Hangul syllable: a leading consonant, a vowel, and optionally a trailing consonant.
private struct Hangul {
  private static let (syllables, leading, vowels, trailing): (UInt32, UInt32, UInt32, UInt32) =
    (0xac00, 0x1100, 0x1161, 0x11a7)
  private static let (leadingCount, vowelCount, trailingCount): (UInt32, UInt32, UInt32) =
    (19, 21, 28)

  private let place: UInt32

  init?(_ scalar: Unicode.Scalar) {
    guard (0xac00...0xd7a3).contains(scalar.value) else { return nil }
    place = scalar.value - Self.syllables
  }

  var parts: [Unicode.Scalar] {
    let pair = place / Self.trailingCount
    let last = place % Self.trailingCount
    let values = [Self.leading + pair / Self.vowelCount, Self.vowels + pair % Self.vowelCount]
    return (values + (last > 0 ? [Self.trailing + last] : [])).compactMap(Unicode.Scalar.init)
  }

  static func composite(
    _ first: Unicode.Scalar, _ second: Unicode.Scalar
  ) -> Unicode.Scalar? {
    if let syllable = Hangul(first), syllable.place.isMultiple(of: trailingCount),
      (trailing + 1..<trailing + trailingCount).contains(second.value)
    {
      return Unicode.Scalar(first.value + second.value - trailing)
    }
    guard (leading..<leading + leadingCount).contains(first.value),
      (vowels..<vowels + vowelCount).contains(second.value)
    else { return nil }
    let pair = (first.value - leading) * vowelCount + second.value - vowels
    return Unicode.Scalar(syllables + pair * trailingCount)
  }
}
