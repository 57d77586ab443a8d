import ArgumentParser
import Ferry

/// `ferry generate`
struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Answer a prompt.",
    discussion: """
      The prompt '-' is read from stdin, without the line's end that closes it. A prompt that begins with '-', and '-' \
      itself, stands behind '--'. 'finishReason' in the JSON document is stop (the model ended the text), length \
      (--max-tokens) or context (the model has no more positions).
      """)

  @OptionGroup var source: PathArgument
  @Argument(
    help: ArgumentHelp("What to answer; '-' reads it from stdin.", valueName: "PROMPT"))
  var prompt: String
  @OptionGroup var device: DeviceOption
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most tokens to generate, from 0 on (default: 256).", valueName: "N"),
    transform: ValueForm.wholeNumber(0...Int.max).parse)
  var maxTokens = 256
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "0 takes the likeliest token, higher is more varied (default: 0).", valueName: "T"),
    transform: ValueForm.temperature.parse)
  var temperature: Float = 0
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sample from the K likeliest tokens only, K from 1 on.", valueName: "K"),
    transform: ValueForm.wholeNumber(1...Int.max).parse)
  var topK: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Sample from the fewest tokens whose probabilities add up to P, above 0 and up to 1.",
      valueName: "P"),
    transform: ValueForm.probability.parse)
  var topP: Float?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of the sampling, from 0 on (default: 0).", valueName: "S"),
    transform: ValueForm.wholeNumber(0...UInt64.max).parse)
  var seed: UInt64 = 0
  @Flag(help: "Continue the prompt as it is, without the model's chat template.") var raw = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The type of activations; auto is bf16 for short weights where that is faster.",
      valueName: "TYPE"))
  var compute = Compute.auto
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let prompt = try InputText.whole(prompt)
    let clock = ContinuousClock()
    let start = clock.now
    let model = try await threads.engine.load(source.path, for: .generate)
    let loadSeconds = (clock.now - start) / .seconds(1)
    let options = GenerationOptions(
      maximumTokens: maxTokens, temperature: temperature, topK: topK, topP: topP, seed: seed,
      usesChatTemplate: !raw, activations: compute.elementType)
    let streams = !output.json
    let result = try await model.generate(
      prompt, movingTo: device.device, moveOptions: .once, options: options
    ) { text in
      if streams { Standard.output.write(text) }
    }
    let document = Document(
      text: result.text, promptTokens: result.promptTokenCount, tokens: result.tokens,
      finishReason: result.finishReason.rawValue,
      seconds: .init(
        load: loadSeconds, prefill: result.prefillSeconds, decode: result.decodeSeconds))
    try output.show(document) { "\n" }
    if streams { explain(result) }
  }

  /// Says at a terminal why the text ends where the model did not end it.
  private func explain(_ result: Generation) {
    guard Standard.error.isTerminal else { return }
    switch result.finishReason {
    case .stop: break
    case .length: Standard.error.write("ferry: note: stopped at --max-tokens \(maxTokens)\n")
    case .context:
      let count = result.promptTokenCount + result.tokens.count
      Standard.error.write(
        "ferry: note: stopped at the end of the model's context, \(count) tokens\n")
    }
  }

  private struct Document: Encodable {
    struct Seconds: Encodable { let load, prefill, decode: Double }
    let text: String
    let promptTokens: Int
    let tokens: [Int]
    let finishReason: String
    let seconds: Seconds
  }
}
