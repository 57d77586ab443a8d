import ArgumentParser
import Ferry

/// `ferry generate`
struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Answer a prompt.")

  @OptionGroup var source: PathArgument
  @Argument(help: "What to answer.") var prompt: String
  @Option(help: "The device to run on.") var device = Device.cpu
  @Option(help: "The most tokens to generate.") var maxTokens = 256
  @Option(help: "0 takes the likeliest token; higher is more varied.") var temperature: Float = 0
  @Option(help: "Sample from the K likeliest tokens only.") var topK: Int?
  @Option(help: "Sample from the fewest tokens whose probabilities add up to P.") var topP: Float?
  @Option(help: "The seed of the sampling.") var seed: UInt64 = 0
  @Flag(help: "Continue the prompt as it is, without the model's chat template.") var raw = false
  @Option(
    help: "The type of activations; auto is bf16 for short weights where that is faster.")
  var compute = Compute.auto
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard maxTokens >= 0 else { throw ValidationError("--max-tokens takes a number from 0 on") }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature takes a number from 0 on")
    }
    if let topK, topK < 1 { throw ValidationError("--top-k takes a number from 1 on") }
    if let topP, !(topP > 0 && topP <= 1) {
      throw ValidationError("--top-p takes a number above 0, up to 1")
    }
  }

  func run() async throws {
    let clock = ContinuousClock()
    let start = clock.now
    let model = try await threads.engine.load(source.path)
    let loadSeconds = (clock.now - start) / .seconds(1)
    var options = GenerationOptions()
    options.maximumTokens = maxTokens
    (options.temperature, options.topK, options.topP, options.seed) = (
      temperature, topK, topP, seed
    )
    options.usesChatTemplate = !raw
    options.activations = compute.elementType
    let streams = !output.json
    let result = try await model.generate(
      prompt, movingTo: device, moveOptions: .once, options: options
    ) { text in
      if streams { Standard.output.write(text) }
    }
    let document = Document(
      text: result.text, promptTokens: result.promptTokenCount, tokens: result.tokens,
      seconds: .init(
        load: loadSeconds, prefill: result.prefillSeconds, decode: result.decodeSeconds))
    try output.show(document) { "\n" }
  }

  private struct Document: Encodable {
    struct Seconds: Encodable { let load, prefill, decode: Double }
    let text: String
    let promptTokens: Int
    let tokens: [Int]
    let seconds: Seconds
  }
}
