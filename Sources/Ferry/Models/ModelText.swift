import FerryCheckpoints
import FerryModels

/// The side of a model that deals with text: its tokenizer, and the chat template it was taught with.
struct ModelText: Sendable {
  let tokenizer: Tokenizer
  private let checkpoint: Checkpoint

  /// The tokenizer of a folder or a GGUF file.
  init(_ checkpoint: Checkpoint) throws {
    do {
      tokenizer = try Tokenizer(checkpoint)
    } catch let error as TokenizerError where error.code == .missing {
      throw Self.absence(in: checkpoint) ?? error
    }
    self.checkpoint = checkpoint
  }

  /// Reads the tokenizer of a folder, of a tokenizer file, or of a GGUF file; no weights are needed.
  static func tokenizer(at path: String) throws -> Tokenizer {
    do {
      return try Tokenizer(path: path)
    } catch let error as TokenizerError where error.code == .missing {
      guard let checkpoint = try? Checkpoint(path: path) else { throw error }
      throw absence(in: checkpoint) ?? error
    }
  }

  /// Returns an error that explains why there is no tokenizer, if the model does not process text; otherwise nil.
  private static func absence(in checkpoint: Checkpoint) -> ModelError? {
    guard let outline = try? ModelLoader.outline(of: checkpoint),
      outline.blueprint is RealESRGANBlueprint
    else { return nil }
    return ModelError(
      .unsupported,
      "\(checkpoint.path): it is a Real-ESRGAN network, which enlarges images and has no tokenizer: use "
        + "'ferry upscale'")
  }

  /// The tokens of a prompt: what a user says, in the model's chat template, or the text as it is.
  func prompt(_ text: String, inTemplate: Bool) throws -> [Int] {
    guard inTemplate else { return tokenizer.encode(text, addingSpecialTokens: true) }
    return try prompt([ChatMessage(.user, text)])
  }

  /// The tokens of a chat whose last message waits for an answer.
  func prompt(_ messages: [ChatMessage]) throws -> [Int] {
    tokenizer.encode(try template().render(messages))
  }

  /// The chat template; an error where there is none, or an unknown one.
  func template() throws -> ChatTemplate { try ChatTemplate(checkpoint, tokenizer) }

  /// How vectors of texts are made.
  func convention() throws -> SentenceConvention { try SentenceConvention(checkpoint) }
}
