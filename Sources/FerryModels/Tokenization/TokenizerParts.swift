/// What the readers of tokenizer descriptions have in common: a vocabulary in the making.
struct TokenizerParts {
  let file: String
  /// Texts by number; an unused number has an empty text.
  private(set) var texts: [[UInt8]]

  init(texts: [[UInt8]], file: String) {
    self.texts = texts
    self.file = file
  }

  func malformed(_ message: String) -> TokenizerError {
    TokenizerError(.malformed, file: file, message)
  }

  func unsupported(_ message: String) -> TokenizerError {
    TokenizerError(
      .unsupported, file: file, "\(message) is not implemented; the model cannot be used with text")
  }

  /// Numbers the texts of a vocabulary, refusing numbers that only a hole of millions could explain.
  static func texts(
    _ vocabulary: some Collection<(text: [UInt8], id: Int)>, file: String
  ) throws(TokenizerError) -> [[UInt8]] {
    let limit = vocabulary.count * 2 + 65_536
    var texts: [[UInt8]] = []
    for (text, id) in vocabulary {
      guard (0..<limit).contains(id) else {
        let name = String(decoding: text, as: UTF8.self)
        throw TokenizerError(
          .malformed, file: file,
          "the token '\(name)' has the number \(id), in a vocabulary of \(vocabulary.count) tokens")
      }
      while texts.count <= id { texts.append([]) }
      guard texts[id].isEmpty else {
        throw TokenizerError(.malformed, file: file, "the number \(id) belongs to two tokens")
      }
      texts[id] = text
    }
    return texts
  }

  /// The vocabulary's texts in the bytes that they stand for, if they are written with stand-ins.
  func tokens(byteLevel: Bool) -> ByteStrings {
    guard byteLevel else { return ByteStrings(texts, count: texts.count) }
    return ByteStrings(
      texts.map { ByteLevelAlphabet.bytes(of: $0) ?? [] }, count: texts.count)
  }

  /// The token of each single byte.
  static func byteTable(_ tokens: ByteStrings) -> [Int32] {
    (0...255).map { byte in tokens.find([UInt8(byte)]).map { Int32($0) } ?? -1 }
  }

  /// The token that spells each byte as `<0xXX>`.
  static func fallbackTable(_ tokens: ByteStrings) -> [Int32] {
    (0...255).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      let name = "<0x\(byte < 16 ? "0" : "")\(digits)>"
      return tokens.find(name.utf8).map { Int32($0) } ?? -1
    }
  }

  /// Ranks merges by their place in the list.
  func rules(
    merges: some Sequence<(left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)>,
    vocabulary: ByteStrings
  ) throws(TokenizerError) -> BytePairModel.Rules {
    var rules: [UInt64: UInt64] = [:]
    var rank: UInt64 = 0
    for (left, right) in merges {
      guard let first = vocabulary.find(left), let second = vocabulary.find(right),
        let whole = vocabulary.find(left + right)
      else {
        let pair = String(decoding: left + [0x20] + right, as: UTF8.self)
        throw malformed("merge \(rank), '\(pair)', has parts or a result that are no tokens")
      }
      rules[BytePairModel.key(Int32(first), Int32(second))] = rank << 32 | UInt64(whole)
      rank += 1
    }
    return .listed(rules)
  }

  /// A merge written as its two parts with a space between.
  func merge(
    _ text: String, at index: Int
  ) throws(TokenizerError) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>) {
    let parts = Array(text.utf8).split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw malformed("merge \(index), '\(text)', is not two parts with a space between")
    }
    return (parts[0], parts[1])
  }

  /// Takes the texts of added tokens. One that is searched in normalized text has its normalized
  /// text, as in the reference.
  mutating func add(
    _ tokens: [AddedToken], normalizers: [Normalizer]
  ) throws(TokenizerError) {
    let limit = texts.count + tokens.count + 65_536
    for token in tokens {
      let name = String(decoding: token.content, as: UTF8.self)
      guard (0..<limit).contains(token.id) else {
        throw malformed("the added token '\(name)' has the number \(token.id)")
      }
      while texts.count <= token.id { texts.append([]) }
      guard texts[token.id].isEmpty || texts[token.id] == token.content else {
        throw malformed("the added token '\(name)' has the number \(token.id) of another token")
      }
      texts[token.id] = token.content
      for normalizer in normalizers where token.isNormalized { normalizer.apply(&texts[token.id]) }
    }
  }
}
