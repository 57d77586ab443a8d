@_spi(_Unicode) import Swift

/// How BERT's tokenizers prepare text: controls removed and every white space a space, Chinese characters as words
/// of their own, accents and capitals taken away.
struct BertNormalizer: Sendable {
  /// Whether controls and the replacement character go, and white space becomes a space.
  var cleansText = true
  /// Whether Chinese characters get spaces around them.
  var spacesChinese = true
  /// Whether accents (nonspacing marks, after canonical decomposition) go.
  var stripsAccents = true
  /// Whether letters become small, scalar by scalar.
  var lowercases = true

  func apply(_ text: inout [UInt8]) {
    var scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    if cleansText { scalars = Self.cleaned(scalars) }
    if spacesChinese {
      scalars = scalars.flatMap { BertScalars.isChinese($0) ? [" ", $0, " "] : [$0] }
    }
    if stripsAccents {
      scalars = Self.decomposed(scalars).filter { !BertScalars.isAccent($0) }
    }
    if lowercases { scalars = scalars.flatMap(Self.lowercased) }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    text = Array(String(view).utf8)
  }

  private static func cleaned(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    scalars.compactMap { scalar in
      if BertScalars.isControl(scalar) { return nil }
      return BertScalars.isSpace(scalar) ? " " : scalar
    }
  }

  private static func lowercased(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.isASCII {
      let isCapital = ("A"..."Z").contains(scalar)
      return [isCapital ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar]
    }
    return Array(scalar.properties.lowercaseMapping.unicodeScalars)
  }

  /// Canonical decomposition by Unicode 12: what is newer stands as it is, and ends what is put in order.
  private static func decomposed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    if scalars.allSatisfy(\.isASCII) { return scalars }
    let stretches = scalars.split(omittingEmptySubsequences: false) {
      !BertScalars.isAssigned($0, byVersion: 12)
    }
    var result: [Unicode.Scalar] = []
    for stretch in stretches {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: stretch)
      result.append(contentsOf: String(view)._nfd)
      if stretch.endIndex < scalars.endIndex { result.append(scalars[stretch.endIndex]) }
    }
    return result
  }
}

/// The classes of Unicode scalars that BERT's tokenizers ask for, as Hugging Face's `tokenizers` has them: by the
/// tables of Unicode 8, whatever came later being of no class.
enum BertScalars {
  /// White space, line ends included.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
  }

  /// What cleaning removes: controls that are no line end and no tab, formats, private use, U+FFFD.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return (scalar.value < 32 && !["\t", "\n", "\r"].contains(scalar)) || scalar.value == 127
    }
    switch scalar.properties.generalCategory {
    case .control, .privateUse: return true
    case .format: return isAssigned(scalar, byVersion: 8)
    default: return scalar == "\u{fffd}"
    }
  }

  /// A word of its own: punctuation, and every sign of ASCII.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      let value = scalar.value
      return (33...47).contains(value) || (58...64).contains(value) || (91...96).contains(value)
        || (123...126).contains(value)
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return isAssigned(scalar, byVersion: 8)
    default: return scalar == "\u{166d}" || scalar == "\u{111c9}"
    }
  }

  /// A nonspacing mark. Three have changed their category since.
  static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.generalCategory == .nonspacingMark {
      return isAssigned(scalar, byVersion: 8) && scalar != "\u{111c9}"
    }
    return scalar == "\u{1734}" || scalar == "\u{1171e}"
  }

  /// The blocks that BERT's own tokenizer lists, as Hugging Face has them.
  static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x2a6df, 0x2a700...0x2b81f,
      0x2b920...0x2ceaf, 0x2f800...0x2fa1f:
      true
    default: false
    }
  }

  /// Whether a version of Unicode had the scalar.
  static func isAssigned(_ scalar: Unicode.Scalar, byVersion version: Int) -> Bool {
    scalar.isASCII || scalar.properties.age.map { $0.major <= version } ?? false
  }
}
