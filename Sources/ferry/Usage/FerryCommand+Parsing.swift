import ArgumentParser

extension FerryCommand {
  /// The command that these arguments ask for.
  ///
  /// - Throws: ``UsageError`` where they cannot be understood; what the parser throws to show help.
  static func command(_ arguments: [String]) throws -> any ParsableCommand {
    try checkName(in: arguments)
    do {
      return try parseAsRoot(arguments)
    } catch  where exitCode(for: error) == .validationFailure {
      let message = Self.message(for: error)
      guard let syntax = try? CommandSyntax.all() else { throw UsageError(message) }
      throw UsageDiagnosis(arguments: arguments, root: syntax, parserMessage: message).error
    }
  }

  private static let names = configuration.subcommands.map { $0._commandName } + ["help"]

  /// The first word is a command, and so is the one behind 'help'.
  private static func checkName(in arguments: [String]) throws {
    guard var name = arguments.first, !name.hasPrefix("-") else { return }
    if name == "help" {
      guard let topic = arguments.dropFirst().first(where: { !$0.hasPrefix("-") }) else { return }
      name = topic
    }
    guard !names.contains(name) else { return }
    let hint =
      Similarity.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
      ?? "the commands are \(names.joined(separator: ", "))"
    throw UsageError("there is no command '\(name)'; \(hint)")
  }
}
