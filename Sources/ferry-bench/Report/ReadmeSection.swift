/// The part of a README that is made of results: what stands between two marks in it.
enum ReadmeSection {
  static let begin = "<!-- made by ferry-bench readme -->"
  static let end = "<!-- until here -->"

  /// What a result says in a README.
  ///
  /// - Parameter path: the result, from where the README is.
  static func text(_ comparison: Comparison, path: String) -> String {
    let chart = String(path.dropLast(".json".count)) + ".svg"
    let heads = (comparison.heads + comparison.warnings).joined(separator: "\n\n")
    return """
      \(heads)

      ![How many times as fast as its peers Ferry is](\(chart))

      | | promised | measured | |
      |---|---|---|---|
      \(Summary(comparison).lines.map(\.row).joined())
      Every figure: [`\(path)`](\(path)).

      """
  }

  /// The document with the section in the place of what stood between its marks; nil where it has none.
  static func replacing(in document: String, with text: String) -> String? {
    let parts = document.split(separator: begin, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let rest = parts[1].split(separator: end, maxSplits: 1, omittingEmptySubsequences: false)
    guard rest.count == 2 else { return nil }
    return "\(parts[0])\(begin)\n\n\(text)\n\(end)\(rest[1])"
  }

  /// The result that a document's section was made of.
  static func source(in document: String) -> String? {
    guard
      let line = document.split(separator: "\n").last(where: { $0.hasPrefix("Every figure: [`") })
    else { return nil }
    return line.split(separator: "`").dropFirst().first.map(String.init)
  }
}
