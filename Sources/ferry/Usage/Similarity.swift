/// The similarity of words.
enum Similarity {
  /// Returns the word that was probably meant by `word`; nil if none is similar.
  static func nearest(to word: String, among words: [String]) -> String? {
    let limit = max(1, min(3, word.count / 3))
    let near = words.map { (word: $0, distance: distance(word, $0)) }
      .filter { $0.distance <= limit || (word.count > 2 && $0.word.hasPrefix(word)) }
    return near.min { $0.distance < $1.distance }?.word
  }

  /// Returns the number of edits between two words: insertions, deletions, replacements, and swaps of neighboring
  /// characters.
  static func distance(_ one: String, _ other: String) -> Int {
    let (a, b) = (Array(one), Array(other))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        let replaced = rows[i][j] + (a[i] == b[j] ? 0 : 1)
        var best = min(replaced, row[j] + 1, rows[i][j + 1] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
