import ArgumentParser
import Testing

@testable import ferry

/// Command lines that cannot be understood: one line that says what was meant to be there.
@Suite struct UsageErrorTests {
  @Test(
    "names what was probably meant",
    arguments: [
      (["inspec", "x"], "there is no command 'inspec'; did you mean 'inspect'?"),
      (["quantise", "x"], "did you mean 'quantize'?"),
      (["help", "emebd"], "did you mean 'embed'?"),
      (["help", "nosuch"], "there is no command 'nosuch'; the commands are devices, inspect,"),
      (["frobnicate"], "the commands are devices, inspect,"),
      (["quantize", "x", "--forse"], "there is no option '--forse'; did you mean '--force'?"),
      (["quantize", "x", "-o", "y", "--format", "nf4", "-force"], "did you mean '--force'?"),
      (["move", "x", "--rout", "cpu"], "there is no option '--rout'; did you mean '--route'?"),
      (["--json", "inspect", "x"], "options come after the command: ferry inspect … --json"),
      (
        ["quantize", "x", "-o", "--force"], "'-o' needs a value, and '--force' looks like an option"
      ),
      (["inspect"], "missing expected argument '<PATH>' (see 'ferry help inspect')"),
      (["inspect", "x", "y"], "unexpected argument 'y'"),
      (["generate", "x", "two", "words"], "a text of several words stands in quotes"),
      (["inspect", "-x.gguf"], "'./-x.gguf' is a file of that name"),
      (["gen"], "did you mean 'generate'?"),
      (["inspect", ""], "the path of a file or folder belongs here"),
      (
        ["quantize", "", "-o", "y", "--format", "nf4"], "the path of a file or folder belongs here"
      ),
      (["run", ""], "the path of a file or folder belongs here"),
      (["inspect", "x", "--json=yes"], "'--json' does not take any value"),
    ])
  func names(_ arguments: [String], _ message: String) throws {
    let process = try CommandLineProcess(arguments)
    #expect(process.isFailure(64) && process.errors.contains(message), "\(process.errors)")
  }

  @Test(
    "a text that begins with '-' stands behind '--', and whoever puts it elsewhere is told so",
    arguments: ["tokenize", "generate", "embed"], ["- item", "-5 + 3 =", "-a", "---", "--x y"])
  func textsLikeOptions(_ command: String, _ text: String) throws {
    let process = try CommandLineProcess([command, "x", text, text])
    #expect(process.isFailure(64) && process.errors.contains("'--'"), "\(process.errors)")
  }

  @Test("behind '--' a text is taken as it is")
  func literalTexts() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    for text in ["-5+3=", "-", "--json"] {
      let process = try CommandLineProcess(["tokenize", folder("model"), "--json", "--", text])
      #expect(try (process.document()["pieces"] as? [String])?.joined() == text)
    }
  }

  @Test(
    "help is help for every command",
    arguments: FerryCommand.configuration.subcommands.map { $0._commandName })
  func help(_ command: String) throws {
    for arguments in [["help", command], [command, "--help"]] {
      let process = try CommandLineProcess(arguments)
      #expect(process.code == 0 && process.errors.isEmpty)
      #expect(process.output.contains("USAGE: ferry \(command)"))
    }
  }

  @Test(arguments: [
    ("inspect", "inspect", 0), ("inspec", "inspect", 1), ("mvoe", "move", 1), ("", "abc", 3),
  ])
  func distanceCountsEdits(_ one: String, _ other: String, _ distance: Int) {
    #expect(Similarity.distance(one, other) == distance)
    #expect(Similarity.distance(other, one) == distance)
  }
}
