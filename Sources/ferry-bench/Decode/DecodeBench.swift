import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryResidency
import FerryTensors

/// Greedy decoding of one text by a model in the shape of Llama 3 8B, of the rate at which the device
/// could read its weights.
struct DecodeBench {
  let open: OpenDevice
  let roofs: any Roofs
  let kind: LinearKind
  let promptCount: Int
  let tokenCount: Int

  init(
    _ open: OpenDevice, _ roofs: any Roofs, _ kind: LinearKind, promptCount: Int, tokenCount: Int
  ) {
    (self.open, self.roofs, self.kind) = (open, roofs, kind)
    (self.promptCount, self.tokenCount) = (promptCount, tokenCount)
  }

  /// The figures; a failure is one that says so.
  func attempt() async -> [Figure] {
    await .attempting("\(name), of the byte roof", "", .atLeast, open.scale.decodeLimit) {
      try await figures()
    }
  }

  private var name: String { "decode, \(open.scale.modelName) in \(kind.name)" }

  private func figures() async throws -> [Figure] {
    let llama = SyntheticLlama(open.scale.model, kind.format)
    let image = try await SyntheticImage.make(
      llama.layout, on: open.host, content: SyntheticImage.weights)
    let weights = ResidentWeights(image, mover: Mover(host: open.host))
    try await weights.move(to: open.context)
    let session = try Session(
      llama.model, weights: weights, options: SessionOptions(elementType: .bf16)
    ) { try OperationsFactory.make(for: $0) }
    _ = try await generate(with: session, count: 2)
    try session.reset()
    let (prefill, decode) = try await generate(with: session, count: tokenCount)
    return figures(of: llama, prefill: prefill, decode: decode)
  }

  /// The times of reading the prompt and of the tokens after the first.
  private func generate(
    with session: Session, count: Int
  ) async throws -> (prefill: Double, decode: Double) {
    let prompt = (0..<promptCount).map { $0 * 31 % session.model.vocabularySize }
    let start = ContinuousClock.now
    var first: ContinuousClock.Instant?
    _ = try await session.generate(
      prompt, limit: count, endTokens: [],
      choose: { logits in
        let token = Session.greedy(logits)
        first = first ?? .now
        return token
      }, emit: { _ in })
    let end = ContinuousClock.now
    return (((first ?? end) - start) / .seconds(1), (end - (first ?? end)) / .seconds(1))
  }

  private func figures(of llama: SyntheticLlama, prefill: Double, decode: Double) -> [Figure] {
    let rate = Double(tokenCount - 1) / decode
    let roof = roofs.weightRate / Double(llama.bytesPerToken)
    return [
      Figure(
        name, rate, "tokens/s", .atLeast, seconds: 1 / rate,
        note: "after \(promptCount) tokens, one text, activations in bf16"),
      Figure(
        "\(name), of the byte roof", rate / roof, "", .atLeast, open.scale.decodeLimit,
        note:
          "\((Double(llama.bytesPerToken) / 1e9).short) GB a token at \((roofs.weightRate / 1e9).short) GB/s"
      ),
      Figure(
        "prefill, \(open.scale.modelName) in \(kind.name)", Double(promptCount) / prefill,
        "tokens/s", .atLeast,
        seconds: prefill),
    ]
  }
}

extension BenchScale {
  fileprivate var model: LlamaConfiguration { self == .small ? .small : .llama8B }
  fileprivate var modelName: String { self == .small ? "small shape" : "8B shape" }
  /// The least part of the byte roof; nil for the trial.
  fileprivate var decodeLimit: Double? { self == .full ? 0.7 : nil }
}
