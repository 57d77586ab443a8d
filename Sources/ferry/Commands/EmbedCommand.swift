import ArgumentParser
import Ferry

/// `ferry embed`
struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Turn texts into vectors, with an encoder such as MiniLM.",
    discussion: "Without a text, and for the text '-', every line of stdin is one.")

  @OptionGroup var source: PathArgument
  @Argument(help: "The texts.") var texts: [String] = []
  @Option(help: "The device to run on.") var device = Device.cpu
  @Option(
    help: "The type of activations; auto is bf16 for short weights where that is faster.")
  var compute = Compute.f32
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let texts = try self.texts.isEmpty ? Standard.inputLines() : self.texts.flatMap(Self.lines)
    let clock = ContinuousClock()
    let start = clock.now
    let model = try await threads.engine.load(source.path, on: device, options: .once)
    let loaded = clock.now
    let embeddings = try await model.embed(texts, activations: compute.elementType)
    let document = Document(
      embeddings: embeddings.vectors, dimensions: embeddings.dimensions,
      tokens: embeddings.tokenCounts,
      seconds: .init(
        load: (loaded - start) / .seconds(1), embed: (clock.now - loaded) / .seconds(1)))
    try output.show(document) { EmbeddingTable(texts, embeddings).text }
  }

  private static func lines(of text: String) throws -> [String] {
    text == "-" ? try Standard.inputLines() : [text]
  }

  private struct Document: Encodable {
    struct Seconds: Encodable { let load, embed: Double }
    let embeddings: [[Float]]
    let dimensions: Int
    let tokens: [Int]
    let seconds: Seconds
  }
}
