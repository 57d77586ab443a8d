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
    var scalars = text.unicodeScalars
    if cleansText { scalars = Self.cleaned(scalars) }
    if spacesChinese { scalars = Self.withSpacesAroundChinese(scalars) }
    if stripsAccents { scalars = Self.withoutAccents(scalars) }
    if lowercases {
      var small: [Unicode.Scalar] = []
      small.reserveCapacity(scalars.count)
      for scalar in scalars { SmallLetters.append(scalar, to: &small) }
      scalars = small
    }
    text = [UInt8](scalars)
  }

  private static func cleaned(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    scalars.compactMap { scalar in
      let kind = ScalarClass(of: scalar)
      if kind.contains(.control) { return nil }
      return kind.contains(.space) ? " " : scalar
    }
  }

  private static func withSpacesAroundChinese(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard scalars.contains(where: isChinese) else { return scalars }
    return scalars.flatMap { isChinese($0) ? [" ", $0, " "] : [$0] }
  }

  private static func withoutAccents(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let decomposes = scalars.contains {
      ScalarClass(of: $0).isAny(of: [.decomposing, .accent])
    }
    guard decomposes else { return scalars }
    return CanonicalForms.decomposed(scalars).filter { !ScalarClass(of: $0).contains(.accent) }
  }

  /// The blocks that BERT's own tokenizer lists, as Hugging Face has them.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x2a6df, 0x2a700...0x2b81f,
      0x2b920...0x2ceaf, 0x2f800...0x2fa1f:
      true
    default: false
    }
  }
}
