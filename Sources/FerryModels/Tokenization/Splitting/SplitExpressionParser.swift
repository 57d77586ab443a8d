/// A parser for the implemented subset of Oniguruma's regular expressions.
struct SplitExpressionParser {
  private let text: [Unicode.Scalar]
  private var position = 0
  private var ignoresCase = false
  private var depth = 0

  init(_ text: String) { self.text = Array(text.unicodeScalars) }

  /// Parses the whole expression.
  mutating func parse() throws(SplitExpressionError) -> SplitExpressionNode {
    let node = try choice()
    guard position == text.count else { throw unsupported("')'") }
    return node
  }

  private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

  private mutating func skip(_ scalars: String) -> Bool {
    guard text[position...].starts(with: scalars.unicodeScalars) else { return false }
    position += scalars.unicodeScalars.count
    return true
  }

  private func unsupported(_ part: String) -> SplitExpressionError {
    SplitExpressionError(message: "\(part) in it")
  }

  private mutating func choice() throws(SplitExpressionError) -> SplitExpressionNode {
    depth += 1
    defer { depth -= 1 }
    guard depth < 32 else { throw unsupported("a group in 32 others") }
    var parts = [try sequence()]
    while skip("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private mutating func sequence() throws(SplitExpressionError) -> SplitExpressionNode {
    var parts: [SplitExpressionNode] = []
    while let next, next != "|", next != ")" { parts.append(try repeated(try atom())) }
    if ignoresCase { try refuseLettersThatFoldTogether(parts) }
    return .sequence(parts)
  }

  // MARK: - Atoms

  private mutating func atom() throws(SplitExpressionError) -> SplitExpressionNode {
    if skip("(?!") { return try ahead(isWanted: false) }
    if skip("(?=") { return try ahead(isWanted: true) }
    if skip("(?i:") {
      let outer = ignoresCase
      ignoresCase = true
      defer { ignoresCase = outer }
      return try group()
    }
    if skip("(?:") { return try group() }
    if next == "(", text.dropFirst(position + 1).first != "?" {
      position += 1
      return try group()
    }
    return .scalar(try set())
  }

  private mutating func group() throws(SplitExpressionError) -> SplitExpressionNode {
    let node = try choice()
    guard skip(")") else { throw unsupported("a group without an end") }
    return node
  }

  private mutating func ahead(isWanted: Bool) throws(SplitExpressionError) -> SplitExpressionNode {
    let set = try set()
    guard skip(")") else { throw unsupported("looking ahead for more than one character") }
    return .ahead(set, isWanted: isWanted)
  }

  /// Parses one scalar: a literal, an escape, or a bracketed class.
  private mutating func set() throws(SplitExpressionError) -> ScalarSet {
    if skip("[") { return try brackets() }
    guard let next else { throw unsupported("an end where a character should be") }
    if ".^$*+?{}()|]".unicodeScalars.contains(next) { throw unsupported("'\(next)'") }
    return try folded(try item())
  }

  /// Parses a literal or an escape.
  private mutating func item() throws(SplitExpressionError) -> ScalarSet {
    guard let scalar = next else { throw unsupported("an end where a character should be") }
    position += 1
    guard scalar == "\\" else { return ScalarSet(ranges: [scalar.value...scalar.value]) }
    guard let escape = next else { throw unsupported("'\\' at its end") }
    position += 1
    switch escape {
    case "s": return ScalarSet(classes: .space)
    case "S": return ScalarSet(complements: [.space])
    case "p": return ScalarSet(classes: try category())
    case "P": return ScalarSet(complements: [try category()])
    case "r": return ScalarSet(ranges: [13...13])
    case "n": return ScalarSet(ranges: [10...10])
    case "t": return ScalarSet(ranges: [9...9])
    case _ where escape.isASCII && ScalarClass(of: escape).isAny(of: [.punctuation, .symbol]):
      return ScalarSet(ranges: [escape.value...escape.value])
    default: throw unsupported("'\\\(escape)'")
    }
  }

  private mutating func category() throws(SplitExpressionError) -> ScalarClass {
    guard skip("{"), let end = text[position...].firstIndex(of: "}") else {
      throw unsupported("'\\p' without a name in braces")
    }
    var name = String.UnicodeScalarView()
    name.append(contentsOf: text[position..<end])
    position = end + 1
    switch String(name) {
    case "L": return .letter
    case "Lu": return .uppercase
    case "Ll": return .lowercase
    case "Lt": return .titlecase
    case "Lm": return .modifier
    case "Lo": return .other
    case "M": return .mark
    case "N": return .number
    case "P": return .punctuation
    case "S": return .symbol
    default: throw unsupported("the category \(String(name))")
    }
  }

  private mutating func brackets() throws(SplitExpressionError) -> ScalarSet {
    var set = ScalarSet()
    set.isInverted = skip("^")
    var isEmpty = true
    while !skip("]") {
      if next == "[" || next == "]" || text[position...].starts(with: "&&".unicodeScalars) {
        throw unsupported("a class within a class")
      }
      let first = try item()
      if next == "-", text.dropFirst(position + 1).first != "]" {
        position += 1
        guard next != "[" else { throw unsupported("a class within a class") }
        set.ranges.append(try Self.range(first, try item()))
      } else {
        set.formUnion(first)
      }
      isEmpty = false
    }
    if isEmpty { throw unsupported("'[]'") }
    return try folded(set)
  }

  private static func range(
    _ first: ScalarSet, _ last: ScalarSet
  ) throws(SplitExpressionError) -> ClosedRange<UInt32> {
    guard first.classes.isEmpty, last.classes.isEmpty, first.complements.isEmpty,
      last.complements.isEmpty, let low = first.ranges.first, let high = last.ranges.first,
      low.lowerBound <= high.upperBound
    else { throw SplitExpressionError(message: "a range that is none in it") }
    return low.lowerBound...high.upperBound
  }
}

// MARK: - Repetition

extension SplitExpressionParser {
  private mutating func repeated(
    _ node: SplitExpressionNode
  ) throws(SplitExpressionError) -> SplitExpressionNode {
    guard let (least, most) = try count() else { return node }
    let isFinal = next == "+"
    let isLazy = next == "?"
    // After braces, a '+' is another repetition, not a possessive one.
    if isLazy || isFinal && text[position - 1] == "}" {
      throw unsupported("'\(text[position])' behind a count")
    }
    if isFinal { position += 1 }
    if let next, "*+?{".unicodeScalars.contains(next) { throw unsupported("two counts") }
    if case .scalar(let set) = node {
      return .run(set, least: least, most: most, isFinal: isFinal)
    }
    guard least == 0, most == 1, !isFinal else { throw unsupported("a group that is repeated") }
    return .optional(node)
  }

  private mutating func count() throws(SplitExpressionError) -> (least: Int, most: Int)? {
    if skip("?") { return (0, 1) }
    if skip("*") { return (0, .max) }
    if skip("+") { return (1, .max) }
    guard skip("{") else { return nil }
    let least = number()
    let most = skip(",") ? number() ?? .max : least
    guard let least, let most, least <= most, skip("}") else { throw unsupported("'{'") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let next, ("0"..."9").contains(next), digits.count < 6 {
      digits.unicodeScalars.append(next)
      position += 1
    }
    return Int(digits)
  }
}

// MARK: - Letters of either case

extension SplitExpressionParser {
  /// Returns the set with the other cases of its letters if case is ignored: those of ASCII, the long s and the Kelvin
  /// sign.
  private func folded(_ set: ScalarSet) throws(SplitExpressionError) -> ScalarSet {
    guard ignoresCase else { return set }
    guard set.classes.isEmpty, set.complements.isEmpty,
      set.ranges.allSatisfy({ $0.count == 1 && $0.upperBound < 128 })
    else { throw unsupported("a class whose case is ignored") }
    var set = set
    for value in set.ranges.map(\.lowerBound) {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic else { continue }
      set.ranges.append(value ^ 0x20...value ^ 0x20)
      if value | 0x20 == 0x73 { set.ranges.append(0x17f...0x17f) }
      if value | 0x20 == 0x6b { set.ranges.append(0x212a...0x212a) }
    }
    return set
  }

  /// Throws if two adjacent letters may fold to a single one ("ss" and "ß"), which is not implemented.
  private func refuseLettersThatFoldTogether(
    _ parts: [SplitExpressionNode]
  ) throws(SplitExpressionError) {
    for (first, second) in zip(parts, parts.dropFirst()) {
      for pair in ["ss", "st", "ff", "fi", "fl"] {
        let letters = Array(pair.unicodeScalars)
        if first.mayBegin(with: letters[0]), second.mayBegin(with: letters[1]) {
          throw unsupported("'\(pair)' whose case is ignored")
        }
      }
    }
  }
}

extension SplitExpressionNode {
  /// Returns true if a match may begin with this scalar; a conservative estimate.
  fileprivate func mayBegin(with scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .scalar(let set), .run(let set, _, _, _), .ahead(let set, _): set.contains(scalar)
    case .sequence(let parts): parts.first?.mayBegin(with: scalar) ?? true
    case .choice(let parts): parts.contains { $0.mayBegin(with: scalar) }
    case .optional: true
    }
  }
}
