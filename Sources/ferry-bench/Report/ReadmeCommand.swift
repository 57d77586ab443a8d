import ArgumentParser
import FoundationEssentials

/// `ferry-bench readme`: the README's table, out of a result.
struct ReadmeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "readme", abstract: "Put a result of `ferry-bench table --json` into the README.")

  @Argument(help: "The result, as a path from the README's folder.") var result: String
  @Option(help: "The README, in the working directory.") var readme = "README.md"

  func run() throws {
    let url = URL(fileURLWithPath: readme)
    let document = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let section = ReadmeSection.text(try Comparison(path: result), path: result)
    guard let replaced = ReadmeSection.replacing(in: document, with: section) else {
      throw ValidationError("\(readme) has no place for a table: \(ReadmeSection.begin)")
    }
    try Data(replaced.utf8).write(to: url)
  }
}
