/// A vocabulary with the rules by which the symbols of a word grow into its tokens.
struct BytePairModel: Sendable {
  /// What a word is made of before anything is merged.
  enum Symbols: Sendable {
    /// Bytes: the token of each of the 256, -1 where the vocabulary has none.
    case bytes([Int32])
    /// Unicode scalars; one that is not in the vocabulary is spelled with the tokens of its bytes,
    /// where there are such (-1: none).
    case scalars(fallback: [Int32])
  }

  /// Which pair is merged next.
  enum Rules: Sendable {
    /// The pair listed first; a pair is two tokens.
    case listed([UInt64: UInt64])
    /// The pair whose text is the token with the best score; by token: its place among the scores.
    case scored([UInt32])
  }

  /// Tokens by number, in the bytes that they stand for in text.
  let tokens: ByteStrings
  let symbols: Symbols
  let rules: Rules
  /// Whether a word that is a token is that token, whatever merges would make of it.
  let prefersWholeWords: Bool
  /// The token for what cannot be spelled; without one such text vanishes, as in the reference.
  let unknown: Int32?
  /// Whether neighbouring unknown scalars share one token.
  let fusesUnknown: Bool

  /// The key of a pair in ``Rules/listed(_:)``.
  static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Appends the tokens of one word.
  func encode(
    _ word: UnsafeBufferPointer<UInt8>, scratch: inout MergeScratch, into ids: inout [Int]
  ) {
    if prefersWholeWords, let whole = tokens.find(word) {
      ids.append(whole)
      return
    }
    scratch.removeAll()
    switch symbols {
    case .bytes(let table): appendBytes(word, table, &scratch)
    case .scalars(let fallback): appendScalars(word, fallback, &scratch)
    }
    merge(word, &scratch)
    scratch.forEach({ id, start, end in append(id, word[start..<end], &ids) }, end: word.count)
  }

  private func merge(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout MergeScratch) {
    switch rules {
    case .listed(let merges):
      scratch.merge(end: word.count) { left, right, _ in
        merges[Self.key(left, right)].map {
          PairMerge(rank: UInt32($0 >> 32), id: Int32(truncatingIfNeeded: $0))
        }
      }
    case .scored(let ranks):
      scratch.merge(end: word.count) { _, _, range in
        tokens.find(UnsafeBufferPointer(rebasing: word[range])).map {
          PairMerge(rank: ranks[$0], id: Int32($0))
        }
      }
    }
  }

  private func append(
    _ id: Int32, _ text: Slice<UnsafeBufferPointer<UInt8>>, _ ids: inout [Int]
  ) {
    if id >= 0 { return ids.append(Int(id)) }
    guard case .scalars(let fallback) = symbols else { return }
    for byte in text {
      if let id = fallback[Int(byte)] >= 0 ? fallback[Int(byte)] : unknown { ids.append(Int(id)) }
    }
  }
}

extension BytePairModel {
  private func appendBytes(
    _ word: UnsafeBufferPointer<UInt8>, _ table: [Int32], _ scratch: inout MergeScratch
  ) {
    for (start, byte) in word.enumerated() {
      let id = table[Int(byte)]
      if id >= 0 {
        scratch.append(id, start: start)
      } else if let unknown, !(fusesUnknown && scratch.ids.last == unknown) {
        scratch.append(unknown, start: start)
      }
    }
  }

  private func appendScalars(
    _ word: UnsafeBufferPointer<UInt8>, _ fallback: [Int32], _ scratch: inout MergeScratch
  ) {
    var start = 0
    while start < word.count {
      let end = start + TextCursor.width(word[start])
      let scalar = UnsafeBufferPointer(rebasing: word[start..<end])
      if let id = tokens.find(scalar) {
        scratch.append(Int32(id), start: start)
      } else {
        spell(scalar, at: start, fallback, &scratch)
      }
      start = end
    }
  }

  private func spell(
    _ scalar: UnsafeBufferPointer<UInt8>, at start: Int, _ fallback: [Int32],
    _ scratch: inout MergeScratch
  ) {
    if case .scored = rules { return scratch.append(-1, start: start) }
    if scalar.allSatisfy({ fallback[Int($0)] >= 0 }) {
      for (offset, byte) in scalar.enumerated() {
        scratch.append(fallback[Int(byte)], start: start + offset)
      }
    } else if let unknown, !(fusesUnknown && scratch.ids.last == unknown) {
      scratch.append(unknown, start: start)
    }
  }
}
