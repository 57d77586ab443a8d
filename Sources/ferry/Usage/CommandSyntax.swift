import ArgumentParser
import FoundationEssentials

/// The words that a command takes, as its help has them.
struct CommandSyntax: Decodable {
  let commandName: String
  let arguments: [Argument]?
  let subcommands: [CommandSyntax]?

  /// An option, a flag, or an argument by its place.
  struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }
    let kind: Kind
    let names: [Name]?
    let valueName: String?
    let abstract: String?
    let isOptional: Bool
  }

  struct Name: Decodable {
    enum Kind: String, Decodable { case long, short, longWithSingleDash }
    let kind: Kind
    let name: String

    /// The name with its dashes.
    var spelled: String { kind == .long ? "--\(name)" : "-\(name)" }
  }

  /// The whole command line's.
  static func all() throws -> CommandSyntax {
    struct Document: Decodable { let command: CommandSyntax }
    let text = FerryCommand._dumpHelp()
    return try JSONDecoder().decode(Document.self, from: Data(text.utf8)).command
  }

  /// Every option and flag with its dashes, but for those of one letter.
  var longNames: [String] {
    (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == .long }.map(\.spelled)
  }

  /// The option or flag of this name.
  func option(named name: String) -> Argument? {
    arguments?.first { $0.names?.contains { $0.spelled == name } == true }
  }

  /// Whether it takes texts, which may begin with '-'.
  var takesTexts: Bool {
    arguments?.contains { $0.kind == .positional && ["TEXT", "PROMPT"].contains($0.valueName) }
      == true
  }
}
