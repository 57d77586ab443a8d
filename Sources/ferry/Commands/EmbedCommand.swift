import ArgumentParser
import Ferry

/// `ferry embed`
struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Turn texts into vectors, with an encoder such as MiniLM.",
    discussion: """
      Without a text, and for the text '-', every line of stdin is one. Texts that begin with '-', and '-' itself, stand \
      behind '--'.
      """)

  @OptionGroup var source: PathArgument
  @Argument(help: ArgumentHelp("The texts; '-' reads lines from stdin.", valueName: "TEXT"))
  var texts: [String] = []
  @OptionGroup var device: DeviceOption
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The type of activations; auto is bf16 for short weights where that is faster.",
      valueName: "TYPE"))
  var compute = Compute.f32
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let texts = try InputText.lines(texts)
    let clock = ContinuousClock()
    let start = clock.now
    let model = try await threads.engine.load(
      source.path, for: .embed, on: device.device, options: .once)
    let loaded = clock.now
    let embeddings = try await model.embed(texts, activations: compute.elementType)
    let document = Document(
      embeddings: embeddings.vectors, dimensions: embeddings.dimensions,
      tokens: embeddings.tokenCounts,
      seconds: .init(
        load: (loaded - start) / .seconds(1), embed: (clock.now - loaded) / .seconds(1)))
    try output.show(document) { EmbeddingTable(texts, embeddings).text }
  }

  private struct Document: Encodable {
    struct Seconds: Encodable { let load, embed: Double }
    let embeddings: [[Float]]
    let dimensions: Int
    let tokens: [Int]
    let seconds: Seconds
  }
}
