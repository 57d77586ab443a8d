import ArgumentParser
import Ferry

/// `ferry tokenize`
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Show the tokens of a text, as it is.",
    discussion: """
      The text '-' is read from stdin, without the line's end that closes it. A text that begins with '-', and '-' itself, \
      stands behind '--'.
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder with a tokenizer, a tokenizer.json or vocab.txt, or a .gguf file; no weights needed.",
      valueName: "PATH"), transform: ValueForm.path.parse)
  var path: String
  @Argument(
    help: ArgumentHelp(
      "The text; special tokens in it are recognised. '-' reads it from stdin.", valueName: "TEXT"))
  var text: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let tokens = try CommandEngine.current.tokenize(InputText.whole(text), with: path)
    let document = Document(ids: tokens.map(\.id), pieces: tokens.map(\.piece))
    try output.show(document) {
      tokens.map { "\("\($0.id)".paddedLeft(7))  \($0.piece.printable)\n" }.joined()
    }
  }

  private struct Document: Encodable {
    let ids: [Int]
    let pieces: [String]
  }
}
