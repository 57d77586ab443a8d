import FerryModels
import Glibc

/// Glob patterns for the full names of weights that stay plain.
struct SkippedNames {
  private let globs: [String]

  init(_ globs: [String]) { self.globs = globs }

  /// Returns true if a name matches one of the patterns.
  func match(_ name: String) -> Bool {
    globs.contains { fnmatch($0, name, 0) == 0 }
  }

  /// Throws if one of the patterns matches no weight.
  func checkMatches(in source: SourceWeights) throws {
    let tied = source.blueprint?.segments.flatMap(\.weights).flatMap(\.names) ?? []
    let names = source.weights.map(\.name) + tied
    for glob in globs where !names.contains(where: { fnmatch(glob, $0, 0) == 0 }) {
      throw FerryError(
        .badArgument,
        "--skip '\(glob)' matches no weight: it is a glob on the full name, and "
          + Self.hint(glob, names))
    }
  }

  /// Returns a hint for an error: a pattern that would have matched, or an example of a name.
  private static func hint(_ glob: String, _ names: [String]) -> String {
    let wider = ["\(glob).weight", "*.\(glob).weight", "*.\(glob).*", "*\(glob)*"]
    for pattern in glob.isEmpty ? [] : wider {
      guard let name = names.first(where: { fnmatch(pattern, $0, 0) == 0 }) else { continue }
      return "'\(pattern)' would match '\(name)'"
    }
    return names.first.map { "names look like '\($0)'" } ?? "there are no weights"
  }
}
