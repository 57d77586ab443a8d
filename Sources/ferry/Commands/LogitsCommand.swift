import ArgumentParser
import Ferry

/// `ferry logits`
struct LogitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logits", abstract: "Print the logits that follow some tokens.")

  /// The activation types by name.
  enum Compute: String, ExpressibleByArgument, CaseIterable { case f32, bf16 }

  @OptionGroup var source: PathArgument
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Token ids: 1,5,9", valueName: "IDS"),
    transform: ValueForm.tokens.parse)
  var tokens: [Int]
  @OptionGroup var device: DeviceOption
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The type of the activations.", valueName: "TYPE"))
  var compute = Compute.f32
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let model = try await threads.engine.load(
      source.path, for: .generate, on: device.device, needsTokenizer: false, options: .once)
    let type: ElementType = compute == .f32 ? .f32 : .bf16
    let logits = try await model.logits(tokens: tokens, activations: type)
    try output.show(Document(logits: logits)) { text(logits) }
  }

  /// The ten likeliest tokens.
  private func text(_ logits: [Float]) -> String {
    let best = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }.prefix(10)
    return best.map { "\("\($0)".paddedLeft(7))  \(logits[$0])\n" }.joined()
  }

  private struct Document: Encodable { let logits: [Float] }
}
