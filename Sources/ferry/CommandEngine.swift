import ArgumentParser
import Ferry

/// The engine that the commands run on; tests put one with faulty devices in its place.
package enum CommandEngine {
  @TaskLocal package static var current = Engine()
}

extension MoveOptions {
  /// For a model that goes to a device and no further: registered host memory would not pay, nor would a
  /// measurement of the link.
  static let once = MoveOptions(hostCopy: .asIs, measuringLink: false)
}

/// The engine of a command that computes.
struct ThreadsOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many threads compute on the CPU, from 1 to 1024 (default: one a processor).",
      valueName: "N"),
    transform: ValueForm.wholeNumber(1...1024).parse)
  var threads: Int?

  /// The engine, with so many threads.
  var engine: Engine { CommandEngine.current.computing(onThreads: threads) }
}
