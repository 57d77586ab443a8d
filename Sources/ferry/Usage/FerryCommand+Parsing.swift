import ArgumentParser

extension FerryCommand {
  /// Returns the command that these arguments request.
  ///
  /// - Throws: ``UsageError`` if they cannot be parsed; rethrows what the parser throws to show help.
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

  /// Throws unless the first word is a command, as is the word after 'help'.
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
