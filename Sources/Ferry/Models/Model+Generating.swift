public import FerryDevices
import FerryModels
public import FerryResidency

extension Model {
  /// Continues a prompt; `emit` receives the text as it is generated, in whole characters.
  ///
  /// The generation ends at the model's end token, which is not part of the text, at the maximum number of tokens, or
  /// at the end of the model's context; ``Generation/finishReason`` tells which. If the task is canceled, it ends
  /// between two tokens.
  public func generate(
    _ prompt: String, options: GenerationOptions = GenerationOptions(),
    emit: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> Generation {
    try await generate(prompt, on: nil, options, emit)
  }

  /// Begins to move the model to `device` and continues a prompt there, with each layer as it comes: the first token takes as
  /// long as the longer of upload and computation, not as both.
  ///
  /// - Throws: Where the move fails, what it throws, and `emit` gets nothing: the model stays where it was.
  public func generate(
    _ prompt: String, movingTo device: Device, moveOptions: MoveOptions = MoveOptions(),
    options: GenerationOptions = GenerationOptions(),
    emit: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> Generation {
    let move = await startMove(to: device, options: moveOptions)
    do {
      let generation = try await generate(prompt, on: device, options, emit)
      _ = try await move.value
      return generation
    } catch {
      move.cancel()
      guard case .failure(let reason) = await move.result, !(reason is CancellationError) else {
        throw error
      }
      throw reason
    }
  }

  private func generate(
    _ prompt: String, on device: Device?, _ options: GenerationOptions,
    _ emit: @escaping @Sendable (String) -> Void
  ) async throws -> Generation {
    _ = try language()
    let text = try requireText()
    let tokens = try text.prompt(prompt, inTemplate: options.usesChatTemplate)
    let session = try makeSession(
      SessionOptions(elementType: activations(options.activations)), on: device)
    var writer = try GeneratedText(tokenizer: text.tokenizer, options, emit)
    let end = try await session.generate(
      tokens, limit: options.maximumTokens, endTokens: Array(text.tokenizer.endOfText),
      choose: { try writer.choose($0) }, emit: { writer.append($0) })
    return writer.finish(end, promptTokenCount: tokens.count)
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
