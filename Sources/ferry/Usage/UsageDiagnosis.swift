/// A diagnosis of a command line that the parser rejected. The parser reports the first thing that is missing, whereas
/// the cause is often a word that it could not assign.
struct UsageDiagnosis {
  let arguments: [String]
  let root: CommandSyntax
  /// The parser's message.
  let parserMessage: String

  var error: UsageError {
    guard let name = arguments.first else { return UsageError(message) }
    guard let command = root.subcommands?.first(where: { $0.commandName == name }) else {
      return misplacedOption(name) ?? UsageError(message)
    }
    return UsageError(
      problem(in: arguments.dropFirst(), of: command) ?? message, of: command.commandName)
  }

  /// The parser's message, reworded in the style of Ferry's own.
  private var message: String {
    var text = parserMessage.prefix(1).lowercased() + parserMessage.dropFirst()
    if text.hasSuffix(".") { text.removeLast() }
    guard let list = text.firstRange(of: ". Please provide one of ") else { return text }
    return text[..<list.lowerBound] + ": " + text[list.upperBound...] + " belongs here"
  }

  /// Returns the error for an option that is placed before the command it belongs to; nil if that is not the problem.
  private func misplacedOption(_ name: String) -> UsageError? {
    guard name.hasPrefix("-"),
      let command = arguments.first(where: { word in
        root.subcommands?.contains { $0.commandName == word } == true
      })
    else { return nil }
    return UsageError(
      "options come after the command: ferry \(command) … \(name)", of: command)
  }

  // MARK: words

  /// Returns a description of the first problem in the words (an unknown option, an option without a value, or an
  /// unquoted text); nil if there is none.
  private func problem(in words: ArraySlice<String>, of command: CommandSyntax) -> String? {
    var rest = words
    while let word = rest.popFirst(), word != "--" {
      guard word.hasPrefix("-"), word.count > 1 else { continue }
      let name = String(word.prefix { $0 != "=" })
      guard let option = command.option(named: name) else { return unknown(word, of: command) }
      guard option.kind == .option, name == word else { continue }
      if let value = rest.popFirst(), value.hasPrefix("-"), parserMessage.hasPrefix("Missing value")
      {
        return
          "'\(name)' needs a value, and '\(value)' looks like an option; './\(value)' is a file of that name"
      }
    }
    guard command.takesTexts, parserMessage.contains("nexpected argument") else { return nil }
    return message + "; a text of several words stands in quotes"
  }

  private func unknown(_ word: String, of command: CommandSyntax) -> String {
    let name = String(word.prefix { $0 != "=" })
    let looksLikeText = name.dropFirst(name.hasPrefix("--") ? 2 : 1)
      .contains { !$0.isLetter && $0 != "-" }
    if command.takesTexts, looksLikeText || name.allSatisfy({ $0 == "-" }) {
      return "'\(word)' begins with '-' as options do; a text that does stands behind '--': ferry "
        + "\(command.commandName) … -- '\(word)'"
    }
    let hint = Similarity.nearest(to: name, among: command.longNames)
      .map { "; did you mean '\($0)'?" }
    return "there is no option '\(name)'" + (hint ?? remedy(for: word, of: command))
  }

  /// Returns advice for a word that looks like an option but is not one.
  private func remedy(for word: String, of command: CommandSyntax) -> String {
    if command.takesTexts { return "; a text that begins with '-' stands behind '--'" }
    return word.contains(".") || word.contains("/") ? "; './\(word)' is a file of that name" : ""
  }
}
