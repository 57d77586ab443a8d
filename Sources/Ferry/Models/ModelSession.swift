import FerryModels
import FerryResidency
import Synchronization

/// A conversation with a model, whose keys and values stay between its turns.
///
///     let session = try model.openSession()
///     print(try await session.generate("What is the capital of France?").text)
///     try await model.to(.cpu)  // the cache goes with the model
///     print(try await session.generate("And of Italy?").text)
///
/// A turn computes what is new of the conversation: the tokens that it has in common with what was computed before, up to the
/// first that differs, are taken from the cache. The cache follows the model when that moves. Of a model in a pool, each
/// turn is a lease: the pool brings the model, and its device has neither the model nor the cache between turns if others need
/// the room. The session ends with ``close()`` or with its last reference, and gives everything back.
public final class ModelSession: Sendable {
  /// The model.
  public let model: Model
  private let text: ModelText
  private let options: GenerationOptions
  private let pool: ResidencyPool?
  private let state: Mutex<State>

  private struct State {
    /// Nil once it is closed.
    var session: Session?
    var isBusy = false
    var conversation: Conversation
    /// The tokens of which the cache has keys and values.
    var computed: [Int] = []
  }

  init(
    _ model: Model, _ text: ModelText, _ session: Session, _ options: GenerationOptions,
    system: String?
  ) {
    self.model = model
    self.text = text
    self.options = options
    pool = model.weights.pooled?.pool
    state = Mutex(
      State(
        session: session,
        conversation: Conversation(system: system, isChat: options.usesChatTemplate)))
  }

  /// The turns so far.
  public var turns: [Turn] { state.withLock { $0.conversation.turns } }

  /// How many tokens the cache has keys and values of.
  public var tokenCount: Int { state.withLock { $0.computed.count } }

  /// The bytes that the session holds now, wherever its cache is.
  public var byteCount: Int { state.withLock { $0.session?.byteCount ?? 0 } }

  /// What was said, and what was answered.
  public struct Turn: Sendable, Hashable {
    /// What was said.
    public let prompt: String
    /// What the model answered.
    public let answer: String
  }
}

// MARK: - Turns

extension ModelSession {
  /// Adds a turn: what the user says, in the model's chat template unless the session was opened without it, and the
  /// model's answer, of which `emit` gets the text as it comes.
  ///
  /// A turn that fails, or whose task is cancelled, is no part of the conversation.
  ///
  /// - Parameter options: How this answer is chosen and how long it may be; nil: as the session was opened. Chat template and
  ///   activations stay those of the session.
  /// - Throws: ``FerryError/Code/cacheDropped`` where the cache was given up, until ``reread()``;
  ///   ``FerryError/Code/busy``, ``FerryError/Code/closed``; ``ResidencyError`` of a pool.
  public func generate(
    _ prompt: String, options: GenerationOptions? = nil,
    emit: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> Generation {
    let session = try begin()
    defer { state.withLock { $0.isBusy = false } }
    let writer = try GeneratedText(tokenizer: text.tokenizer, options ?? self.options, emit)
    let limit = (options ?? self.options).maximumTokens
    do {
      guard let place = model.weights.pooled, let pool else {
        return try await turn(prompt, session, writer, limit)
      }
      return try await pool.lease(place) { try await turn(prompt, session, writer, limit) }
    } catch let error as ModelError where error.code == .stateDropped {
      throw FerryError(
        .cacheDropped,
        "the session's cache was given up when its model moved; call reread(), and the next turn computes the "
          + "conversation anew")
    }
  }

  private func turn(
    _ prompt: String, _ session: Session, _ emptyText: GeneratedText, _ limit: Int
  ) async throws -> Generation {
    var writer = emptyText
    let (conversation, computed) = state.withLock { ($0.conversation, $0.computed) }
    let tokens = try conversation.tokens(asking: prompt, in: text)
    // The logits after the last one are wanted: it is computed in any case.
    let common = zip(tokens, computed).prefix { $0 == $1 }.count
    let reused = min(common, session.position, max(0, tokens.count - 1))
    try session.rewind(to: reused)
    defer {
      let all = tokens + writer.tokens
      state.withLock { $0.computed = Array(all.prefix(session.position)) }
    }
    let end = try await session.generate(
      Array(tokens[reused...]), limit: limit, endTokens: Array(text.tokenizer.endOfText),
      choose: { try writer.choose($0) }, emit: { writer.append($0) })
    let generation = writer.finish(
      end, promptTokenCount: tokens.count, reusedTokenCount: reused)
    let turn = Turn(prompt: prompt, answer: generation.text)
    state.withLock { $0.conversation.add(turn, tokens + generation.tokens) }
    return generation
  }

  private func begin() throws -> Session {
    try state.withLock { state in
      guard let session = state.session else {
        throw FerryError(.closed, "the session was closed; open another one")
      }
      guard !state.isBusy else {
        throw FerryError(.busy, "the session answers already; await that first")
      }
      state.isBusy = true
      return session
    }
  }
}

// MARK: - The cache

extension ModelSession {
  /// Gives the cache up and keeps the conversation: the next turn computes all of it anew.
  ///
  /// - Throws: ``FerryError/Code/busy``, ``FerryError/Code/closed``.
  public func reread() throws {
    let session = try begin()
    defer { state.withLock { $0.isBusy = false } }
    try session.reset()
    state.withLock { $0.computed = [] }
  }

  /// Ends the session. The cache is given back, at the end of the turn under way if there is one.
  public func close() { state.withLock { $0.session = nil } }
}
