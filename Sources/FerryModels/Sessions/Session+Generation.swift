/// Why a generation ended.
package enum GenerationEnd: Hashable, Sendable {
  /// The model said so, with this token.
  case endToken(Int)
  /// As many tokens as were asked for.
  case limit
  /// The text has as many positions as the session.
  case full
}

extension Session {
  /// Continues the text: reads `prompt`, then chooses tokens one by one and hands each to `emit`,
  /// until an end token (which is not emitted), `limit` tokens, or the last position.
  ///
  /// `choose` picks a token by the logits of the last position. The last token emitted is not part
  /// of the text yet: begin the next prompt with it to go on. Cancelling the task ends it between
  /// two tokens with a `CancellationError`.
  package func generate(
    _ prompt: [Int], limit: Int, endTokens: [Int]? = nil,
    choose: (_ logits: [Float]) throws -> Int, emit: (_ token: Int) throws -> Void
  ) async throws -> GenerationEnd {
    let ends = endTokens ?? model.endTokens
    var tokens = prompt
    for index in 0..<max(limit, 0) {
      try Task.checkCancellation()
      if index > 0 && position == maximumPositions { return .full }
      let token = try choose(try await advance(tokens))
      if ends.contains(token) { return .endToken(token) }
      try emit(token)
      tokens = [token]
    }
    return .limit
  }

  /// The tokens of ``generate(_:limit:endTokens:choose:emit:)`` as they come; ending the iteration
  /// cancels the generation.
  package func tokens(
    after prompt: [Int], limit: Int, endTokens: [Int]? = nil,
    choose: @escaping @Sendable (_ logits: [Float]) throws -> Int
  ) -> AsyncThrowingStream<Int, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          _ = try await generate(
            prompt, limit: limit, endTokens: endTokens, choose: choose,
            emit: { continuation.yield($0) })
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// The token with the largest logit, the first of equals.
  package static func greedy(_ logits: [Float]) -> Int {
    logits.indices.max { logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1) } ?? 0
  }
}
