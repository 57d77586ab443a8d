/// How the words of a text become tokens.
enum TokenizerModel: Sendable {
  case bytePair(BytePairModel)
  case wordPiece(WordPieceModel)

  /// Appends the tokens of one word.
  func encode(
    _ word: UnsafeBufferPointer<UInt8>, scratch: inout MergeScratch, into ids: inout [Int]
  ) {
    switch self {
    case .bytePair(let model): model.encode(word, scratch: &scratch, into: &ids)
    case .wordPiece(let model): model.encode(word, into: &ids)
    }
  }
}
