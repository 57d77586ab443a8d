import FerryModels

/// The text of a generation as it grows.
struct GeneratedText {
  private(set) var tokens: [Int] = []
  private var text = ""
  private var first: ContinuousClock.Instant?
  private let start = ContinuousClock.now
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

  mutating func choose(_ logits: [Float]) throws -> Int {
    let token = try sampler.choose(logits)
    first = first ?? .now
    return token
  }

  mutating func append(_ token: Int) {
    tokens.append(token)
    add(decoder.append(token))
  }

  /// Returns the complete generation, with the reason it ended. The first `reusedTokenCount` tokens of the prompt were
  /// computed earlier.
  mutating func finish(
    _ reason: GenerationEnd, promptTokenCount: Int, reusedTokenCount: Int = 0
  ) -> Generation {
    add(decoder.finish())
    let end = ContinuousClock.now
    return Generation(
      text: text, promptTokenCount: promptTokenCount, reusedTokenCount: reusedTokenCount,
      tokens: tokens, finishReason: FinishReason(reason),
      prefillSeconds: ((first ?? end) - start) / .seconds(1),
      decodeSeconds: (end - (first ?? end)) / .seconds(1))
  }

  private mutating func add(_ piece: String) {
    guard !piece.isEmpty else { return }
    text += piece
    emit(piece)
  }
}
