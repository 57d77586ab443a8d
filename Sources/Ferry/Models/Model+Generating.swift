import FerryModels

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
    _ = try await session.generate(
      tokens, limit: options.maximumTokens, endTokens: Array(text.tokenizer.endOfText),
      choose: { try writer.choose($0) }, emit: { writer.append($0) })
    return writer.finish(promptTokenCount: tokens.count)
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
