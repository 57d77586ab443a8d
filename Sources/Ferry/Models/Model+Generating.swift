import FerryModels
import Synchronization

extension Model {
  /// Continues a prompt; `emit` gets the text as it comes, in whole characters.
  ///
  /// The generation ends at the model's end token, which is not part of the text, or at the most tokens.
  /// Cancelling the task ends it between two tokens.
  public func generate(
    _ prompt: String, options: GenerationOptions = GenerationOptions(),
    emit: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> Generation {
    _ = try language()
    let text = try requireText()
    let tokens = try text.prompt(prompt, inTemplate: options.usesChatTemplate)
    let session = try makeSession(
      SessionOptions(elementType: activations(options.activations)))
    var writer = try GeneratedText(tokenizer: text.tokenizer, options, emit)
    let start = ContinuousClock.now
    var first: ContinuousClock.Instant?
    _ = try await session.generate(
      tokens, limit: options.maximumTokens, endTokens: Array(text.tokenizer.endOfText),
      choose: { logits in
        let token = try writer.choose(logits)
        first = first ?? .now
        return token
      }, emit: { writer.append($0) })
    let end = ContinuousClock.now
    return Generation(
      text: writer.finish(), promptTokenCount: tokens.count, tokens: writer.tokens,
      prefillSeconds: ((first ?? end) - start) / .seconds(1),
      decodeSeconds: (end - (first ?? end)) / .seconds(1))
  }

  /// A prompt's continuation as an asynchronous sequence of pieces of text; ending the iteration ends the
  /// generation.
  public func stream(
    _ prompt: String, options: GenerationOptions = GenerationOptions()
  ) -> AsyncThrowingStream<String, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          _ = try await generate(prompt, options: options) { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}

/// The text of a generation as it grows.
private struct GeneratedText {
  private(set) var tokens: [Int] = []
  private var text = ""
  private var sampler: Sampler
  private var decoder: TokenDecoder
  private let emit: @Sendable (String) -> Void

  init(
    tokenizer: Tokenizer, _ options: GenerationOptions, _ emit: @escaping @Sendable (String) -> Void
  ) throws {
    sampler = Sampler(
      try SamplingOptions(
        temperature: Double(options.temperature), topK: options.topK,
        topP: options.topP.map(Double.init), seed: options.seed))
    decoder = TokenDecoder(tokenizer, skippingSpecialTokens: true)
    self.emit = emit
  }

  mutating func choose(_ logits: [Float]) throws -> Int { try sampler.choose(logits) }

  mutating func append(_ token: Int) {
    tokens.append(token)
    add(decoder.append(token))
  }

  mutating func finish() -> String {
    add(decoder.finish())
    return text
  }

  private mutating func add(_ piece: String) {
    guard !piece.isEmpty else { return }
    text += piece
    emit(piece)
  }
}
