/// Finds what is wrong with a command line that the parser refused: the parser names the first thing that is missing, where the
/// cause is often a word that it could not place.
struct UsageDiagnosis {
  let arguments: [String]
  let root: CommandSyntax
  /// What the parser says.
  let parserMessage: String

  var error: UsageError {
    guard let name = arguments.first else { return UsageError(message) }
    guard let command = root.subcommands?.first(where: { $0.commandName == name }) else {
      return misplacedOption(name) ?? UsageError(message)
    }
    return UsageError(
      problem(in: arguments.dropFirst(), of: command) ?? message, of: command.commandName)
  }

  /// The parser's message in the words of the others.
  private var message: String {
    var text = parserMessage.prefix(1).lowercased() + parserMessage.dropFirst()
    if text.hasSuffix(".") { text.removeLast() }
    guard let list = text.firstRange(of: ". Please provide one of ") else { return text }
    return text[..<list.lowerBound] + ": " + text[list.upperBound...] + " belongs here"
  }

  /// An option that stands before the command, which takes it.
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

  /// The first word that is neither an option's name nor its value, nor a text.
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

  /// What to do with a word that is no option but begins like one.
  private func remedy(for word: String, of command: CommandSyntax) -> String {
    if command.takesTexts { return "; a text that begins with '-' stands behind '--'" }
    return word.contains(".") || word.contains("/") ? "; './\(word)' is a file of that name" : ""
  }
}
