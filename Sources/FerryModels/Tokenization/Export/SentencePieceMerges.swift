import FerryCheckpoints

/// The merges that a scored vocabulary stands for: every piece is made of two others, best scores first, as
/// transformers' converter lists them.
struct SentencePieceMerges {
  let pieces: [String]
  let metadata: GGUFMetadata

  /// The merges in order of falling score; of one score, by the numbers of the two pieces.
  var merges: [JSONValue] {
    guard case .floats(let scores)? = metadata.values["tokenizer.ggml.scores"] else { return [] }
    let numbers = Dictionary(
      zip(pieces.map(ExactString.init), pieces.indices), uniquingKeysWith: { first, _ in first })
    var found: [(score: Double, left: Int, right: Int)] = []
    for (index, piece) in pieces.enumerated() {
      for (left, right) in Self.halves(of: piece) {
        guard let left = numbers[ExactString(left)], let right = numbers[ExactString(right)] else {
          continue
        }
        found.append((scores[index], left, right))
      }
    }
    found.sort { (-$0.score, $0.left, $0.right) < (-$1.score, $1.left, $1.right) }
    return found.map { .array([.string(pieces[$0.left]), .string(pieces[$0.right])]) }
  }

  private static func halves(of piece: String) -> [(String, String)] {
    let scalars = piece.unicodeScalars
    return scalars.indices.dropFirst().map {
      (String(scalars[..<$0]), String(scalars[$0...]))
    }
  }
}
