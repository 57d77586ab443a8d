public import FerryFormats

/// How a text is continued.
public struct GenerationOptions: Sendable {
  /// The most tokens to generate.
  public var maximumTokens: Int
  /// 0 takes the likeliest token; above, logits are divided by it.
  public var temperature: Float
  /// Sample from so many likeliest tokens only; nil: from all.
  public var topK: Int?
  /// Sample from the fewest tokens whose probabilities add up to this; nil: from all.
  public var topP: Float?
  /// The seed of the sampling; equal seeds give equal texts.
  public var seed: UInt64
  /// Whether the prompt is put into the model's chat template as what a user says.
  public var usesChatTemplate: Bool
  /// The type of the activations: f32, f16 or bf16; nil: ``Model/suitableActivations``.
  public var activations: ElementType?

  /// The defaults: greedy, at most 256 tokens, with the chat template.
  public init(
    maximumTokens: Int = 256, temperature: Float = 0, topK: Int? = nil, topP: Float? = nil,
    seed: UInt64 = 0, usesChatTemplate: Bool = true, activations: ElementType? = nil
  ) {
    self.maximumTokens = maximumTokens
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
    self.usesChatTemplate = usesChatTemplate
    self.activations = activations
  }
}

/// A generated text.
public struct Generation: Sendable {
  /// The text, without the prompt.
  public let text: String
  /// How many tokens the prompt had.
  public let promptTokenCount: Int
  /// How many of them a session had computed in earlier turns; 0 without one.
  public let reusedTokenCount: Int
  /// The generated tokens.
  public let tokens: [Int]
  /// The reason the generation ended.
  public let finishReason: FinishReason
  /// How long reading the prompt and choosing the first token took, in seconds.
  public let prefillSeconds: Double
  /// How long the tokens after the first took, in seconds.
  public let decodeSeconds: Double
}

/// One token of a text.
public struct TextToken: Sendable {
  /// Its number.
  public let id: Int
  /// Its text as the vocabulary writes it ("Ġthe").
  public let piece: String
}
