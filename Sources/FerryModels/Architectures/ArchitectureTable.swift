import FerryCheckpoints

/// What is known of the model types of transformers: text that `Scripts/architectures.py` makes, which says what
/// its lines mean.
enum ArchitectureTable {
  /// The architecture of a model type.
  static func architecture(ofType type: String) -> Architecture? {
    block { isTitle($0, ofType: type) }
  }

  /// The architecture that has a class.
  static func architecture(ofClass name: String) -> Architecture? {
    block { $0.split(separator: "|").last?.split(separator: " ").contains { $0 == name } ?? false }
  }

  /// The last components of names that are linear layers of some model, in lists of layers, and of none anything else
  /// but a slice of experts.
  static let linearLeaves: Set<ExactString> = {
    var (linear, others) = (Set<ExactString>(), Set<ExactString>())
    for line in text.split(separator: "\n") where "qo".contains(line.first ?? "@") {
      let words = line.split(separator: " ")
      let leaves = words.dropFirst(2).map { ExactString(String($0)) }
      if words[0] == "q" {
        if words[1].contains("*") { linear.formUnion(leaves) }
      } else if !words[1].contains("expert") {
        others.formUnion(leaves)
      }
    }
    return linear.subtracting(others)
  }()

  /// The last components of names that are layers of some model whose matrix plain checkpoints store transposed.
  static let transposedLeaves: Set<ExactString> = Set(
    text.split(separator: "\n").filter { $0.hasPrefix("qc ") || $0.hasPrefix("xc ") }.flatMap {
      $0.split(separator: " ").dropFirst(2).map { ExactString(String($0)) }
    })

  private static var text: String {
    lines.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
  }

  /// The first block whose title is asked for.
  private static func block(_ isWanted: (Substring) -> Bool) -> Architecture? {
    let all = text.split(separator: "\n")
    let found = block(of: all, isWanted)
    guard !found.isEmpty else { return nil }
    return Architecture(found) { type in block(of: all) { isTitle($0, ofType: type) } }
  }

  private static func block(
    of all: [Substring], _ isWanted: (Substring) -> Bool
  ) -> [Substring] {
    guard let start = all.firstIndex(where: { $0.first == "@" && isWanted($0) }) else { return [] }
    return [all[start]] + all[(start + 1)...].prefix { $0.first != "@" }
  }

  private static func isTitle(_ line: Substring, ofType type: String) -> Bool {
    line.split(separator: "|")[0].dropFirst(2).dropLast() == type
  }
}
