import Ferry

/// Vectors for people: a line a text, and how alike the texts are.
struct EmbeddingTable {
  private let texts: [String]
  private let embeddings: Embeddings
  /// As many texts have a table of all cosines; of more, each names the one that is nearest.
  private static let widest = 10
  private static let textWidth = 40
  private static let shownElements = 4

  init(_ texts: [String], _ embeddings: Embeddings) {
    self.texts = texts
    self.embeddings = embeddings
  }

  var text: String {
    let isTable = (2...Self.widest).contains(texts.count)
    let lines = texts.indices.map { line($0, namingNearest: texts.count > Self.widest) }
    return (lines + (isTable ? [""] + cosines : [])).map { $0 + "\n" }.joined()
  }

  private func line(_ index: Int, namingNearest: Bool) -> String {
    let vector = embeddings.vectors[index].prefix(Self.shownElements)
    let elements = vector.map { Double($0).spelled(digits: 4).paddedLeft(7) }.joined(separator: " ")
    let count = "\(embeddings.tokenCounts[index])".paddedLeft(4)
    let length = embeddings.norm(index).spelled(digits: 3)
    return number(index) + "  " + shortened(texts[index]).padded(Self.textWidth)
      + "\(count) tokens  length \(length)  \(elements) …" + (namingNearest ? nearest(index) : "")
  }

  private func nearest(_ index: Int) -> String {
    let others = texts.indices.filter { $0 != index }
    let likeness = others.map { embeddings.similarity(index, $0) }
    guard let best = likeness.indices.max(by: { likeness[$0] < likeness[$1] }) else { return "" }
    return "  nearest \(others[best] + 1) (\(likeness[best].spelled(digits: 4)))"
  }

  /// The cosines between all texts.
  private var cosines: [String] {
    let head = "cosine" + texts.indices.map { "\($0 + 1)".paddedLeft(8) }.joined()
    return [head]
      + texts.indices.map { row in
        "\(row + 1)".paddedLeft(6)
          + texts.indices.map {
            embeddings.similarity(row, $0).spelled(digits: 4).paddedLeft(8)
          }.joined()
      }
  }

  private func number(_ index: Int) -> String { "\(index + 1)".paddedLeft("\(texts.count)".count) }

  private func shortened(_ text: String) -> String {
    let line = text.printable
    return line.count < Self.textWidth - 1 ? line : line.prefix(Self.textWidth - 2) + "…"
  }
}
