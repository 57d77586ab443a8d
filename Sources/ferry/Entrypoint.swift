import ArgumentParser
import Ferry

/// The `ferry` command: parses, runs, and turns every failure into one line and an exit code.
@main
enum Entrypoint {
  static func main() async {
    Ending.install()
    do {
      try ArgumentBytes.check()
      var command = try FerryCommand.command(Array(CommandLine.arguments.dropFirst()))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      Ending.claimResult()
      Ending.finish()
      for failure in CommandEngine.current.releaseFailures() {
        Standard.error.write("ferry: warning: \("\(failure)".printable)\n")
      }
    } catch {
      Failure(error).exit()
    }
  }
}

/// The root of the command tree.
struct FerryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ferry",
    abstract: "Quantized models that move: CPU to GPU and back, bit for bit.",
    discussion: """
      PATH is a .safetensors file, a .gguf file, or a Hugging Face folder. Devices are cpu, cuda:N \
      and opencl:N; 'ferry devices' lists those of this machine. Every command takes --json. A text \
      that begins with '-' stands behind '--'.
      """,
    version: Engine.version,
    subcommands: [
      DevicesCommand.self, InspectCommand.self, QuantizeCommand.self, DequantizeCommand.self,
      MoveCommand.self, PlanCommand.self, RunCommand.self, GenerateCommand.self, EmbedCommand.self,
      TokenizeCommand.self, LogitsCommand.self, UpscaleCommand.self, ConvertCommand.self,
    ])
}
