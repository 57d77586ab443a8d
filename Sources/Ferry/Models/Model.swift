import FerryCheckpoints
public import FerryDevices
public import FerryFormats
import FerryModels
import FerryOperations
public import FerryResidency

/// A model that runs, and moves.
///
///     let model = try await Engine().load("SmolLM2-nf4")
///     try await model.to(.opencl(0))
///     print(try await model.generate("What is the capital of France?").text)
///     try await model.to(.cpu)
public final class Model: Sendable {
  /// Its weights.
  public let weights: Weights
  /// Where it was loaded from.
  public let path: String
  private let runnable: RunnableModel
  private let text: ModelText?

  init(weights: Weights, path: String, runnable: RunnableModel, text: ModelText?) {
    self.weights = weights
    self.path = path
    self.runnable = runnable
    self.text = text
  }

  /// The device it runs on.
  public var device: Device { weights.device }

  /// How many tokens it knows.
  public var vocabularySize: Int { runnable.vocabularySize }

  /// Moves the model, with the caches of its open sessions, to `device`; does nothing if it is there.
  ///
  /// Bytes are copied and never re-encoded. While a step runs, a move waits. Whatever fails leaves the
  /// model where it was, usable. By default the host copy stays while the model is on a device, so that
  /// leaving the device is a free and coming back is one upload.
  @discardableResult
  public func to(
    _ device: Device, strategy: TransferStrategy = .direct, options: MoveOptions = MoveOptions(),
    progress: MoveObserver? = nil
  ) async throws -> Model {
    try await weights.move(to: device, strategy: strategy, options: options, progress: progress)
    return self
  }

  /// Begins to move the model to `device`, and returns when it runs there, which is before all of it has come:
  ///
  ///     let move = await model.startMove(to: .cuda(0))
  ///     let text = try await model.generate("Hello").text  // computes with each layer as it comes
  ///     print(try await move.value.gbPerSecond)
  ///
  /// Where the move fails, the task tells why, and the model runs where it was, as does what was begun meanwhile.
  public func startMove(
    to device: Device, options: MoveOptions = MoveOptions(), progress: MoveObserver? = nil
  ) async -> Task<MoveReport, any Error> {
    await weights.startMove(to: device, options: options, progress: progress)
  }

  /// A second model with the same weights, on the CPU; the host copy is shared.
  public func copy() async throws -> Model {
    Model(weights: try await weights.copy(), path: path, runnable: runnable, text: text)
  }

  /// The same model over what a pool holds of it on its device.
  func pooled(as weights: Weights) -> Model {
    Model(weights: weights, path: path, runnable: runnable, text: text)
  }

  /// The logits of the token that follows `tokens`, from a text that begins with them.
  ///
  /// - Parameter activations: the type of the activations: f32, f16 or bf16.
  public func logits(
    tokens: [Int], activations: ElementType = .f32
  ) async throws -> [Float] {
    let options = SessionOptions(elementType: try self.activations(activations))
    let logits = try await makeSession(options).advance(tokens)
    if let bad = logits.firstIndex(where: { !$0.isFinite }) {
      throw FerryError(
        .notFinite,
        "the logit of token \(bad) is \(logits[bad].spelledForMessages): the weights are damaged, or the computation "
          + "overflowed; try f32 activations, or get the model again")
    }
    return logits
  }

  /// The model that continues texts, which an encoder is not.
  func language() throws -> any LanguageModel {
    try weights.checkpoint.naming { _ in try runnable.language() }
  }

  /// The model that turns texts into vectors, which a language model is not.
  func embedder() throws -> any EmbeddingModel {
    try weights.checkpoint.naming { _ in try runnable.embedder() }
  }

  func requireText() throws -> ModelText {
    guard let text else {
      throw FerryError(.noTokenizer, "\(path) was loaded without its tokenizer")
    }
    return text
  }

  /// A text of the model; its steps run on `device` or nowhere, if it says.
  func makeSession(_ options: SessionOptions, on device: Device? = nil) throws -> Session {
    let engine = weights.engine
    return try Session(
      language(), weights: device.map { BoundWeights(weights.access, to: $0) } ?? weights.access,
      options: options, host: engine.context(for: .cpu)
    ) {
      try engine.operations(for: $0)
    }
  }
}

extension Engine {
  /// Loads a model that is to run: a Hugging Face folder, or a GGUF file.
  ///
  /// On the CPU the files are mapped where they hold the weights as memory does, and nothing is copied. A
  /// model whose tokenizer cannot be read is an error unless `needsTokenizer` is false. `options` are
  /// those of the move to `device`.
  @concurrent
  public func load(
    _ path: String, on device: Device = .cpu, needsTokenizer: Bool = true,
    options: MoveOptions = MoveOptions()
  ) async throws -> Model {
    try await load(path, for: nil, on: device, needsTokenizer: needsTokenizer, options: options)
  }

  /// Loads a model with this skill. For another kind of model, the error names the command to use; this is checked
  /// before the tokenizer is read.
  @concurrent
  package func load(
    _ path: String, for skill: ModelSkill?, on device: Device = .cpu, needsTokenizer: Bool = true,
    options: MoveOptions = MoveOptions()
  ) async throws -> Model {
    let host = try context(for: .cpu)
    let target = try context(for: device)
    let checkpoint = try Checkpoint(path: path)
    let loaded = try checkpoint.naming { try ModelLoader.load($0, on: host) }
    let runnable = try checkpoint.naming { _ in
      let model = try loaded.makeModel()
      if let skill { try model.require(skill) }
      return model
    }
    let text = needsTokenizer ? try ModelText(checkpoint) : nil
    let weights = Weights(
      ResidentWeights(loaded.image, mover: try mover()), from: checkpoint, engine: self)
    if target !== host { try await weights.move(to: device, options: options) }
    return Model(weights: weights, path: path, runnable: runnable, text: text)
  }
}
