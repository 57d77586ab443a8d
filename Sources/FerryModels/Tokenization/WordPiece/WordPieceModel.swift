/// A vocabulary whose longest entries a word is cut into, from its beginning on.
///
/// Source: Y. Wu et al., "Google's Neural Machine Translation System", arXiv:1609.08144; the greedy cutting
/// is that of BERT (J. Devlin et al., arXiv:1810.04805).
struct WordPieceModel: Sendable {
  /// Tokens by number.
  let tokens: ByteStrings
  /// What a token that does not begin a word begins with ("##").
  let continuation: [UInt8]
  /// The token of a word that cannot be cut.
  let unknown: Int
  /// The most Unicode scalars of a word; longer ones are unknown.
  let longestWord: Int

  /// Appends the tokens of one word.
  func encode(_ word: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    let before = ids.count
    guard word.count(where: { $0 & 0xc0 != 0x80 }) <= longestWord, cut(word, into: &ids) else {
      ids.removeSubrange(before...)
      return ids.append(unknown)
    }
  }

  /// Appends tokens until the word ends; false where nothing in the vocabulary goes on with it.
  private func cut(_ word: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) -> Bool {
    var start = 0
    while start < word.count {
      let rest = (start == 0 ? [] : continuation) + word[start...]
      guard let (id, count) = longestToken(rest, from: start == 0 ? 0 : continuation.count) else {
        return false
      }
      ids.append(id)
      start += count
    }
    return true
  }

  /// The longest token that `text` begins with, and how many bytes of it lie behind `first`.
  private func longestToken(_ text: [UInt8], from first: Int) -> (id: Int, count: Int)? {
    text.withUnsafeBufferPointer { text in
      var end = text.count
      while end > first {
        if let id = tokens.find(UnsafeBufferPointer(rebasing: text[..<end])) {
          return (id, end - first)
        }
        repeat { end -= 1 } while end > first && text[end] & 0xc0 == 0x80
      }
      return nil
    }
  }
}
