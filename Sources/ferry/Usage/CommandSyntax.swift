import ArgumentParser
import FoundationEssentials

/// The commands, options and arguments, as described by the command's help.
struct CommandSyntax: Decodable {
  let commandName: String
  let arguments: [Argument]?
  let subcommands: [CommandSyntax]?

  /// An option, a flag, or a positional argument.
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

    /// The name including its dashes.
    var spelled: String { kind == .long ? "--\(name)" : "-\(name)" }
  }

  /// Returns the syntax of the whole command line.
  static func all() throws -> CommandSyntax {
    struct Document: Decodable { let command: CommandSyntax }
    let text = FerryCommand._dumpHelp()
    return try JSONDecoder().decode(Document.self, from: Data(text.utf8)).command
  }

  /// Every option and flag, including the dashes, except those of one letter.
  var longNames: [String] {
    (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == .long }.map(\.spelled)
  }

  /// Returns the option or flag of this name; nil if there is none.
  func option(named name: String) -> Argument? {
    arguments?.first { $0.names?.contains { $0.spelled == name } == true }
  }

  /// A Boolean value that indicates whether the command takes text arguments, which may begin with '-'.
  var takesTexts: Bool {
    arguments?.contains { $0.kind == .positional && ["TEXT", "PROMPT"].contains($0.valueName) }
      == true
  }
}
