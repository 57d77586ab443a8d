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
  @Option(help: "How many threads compute on the CPU (default: one a processor).")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024")
    }
  }

  /// The engine, with so many threads.
  var engine: Engine { CommandEngine.current.computing(onThreads: threads) }
}
