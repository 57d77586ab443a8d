import FerryModels

/// The reason a generation ended.
public enum FinishReason: String, Hashable, Sendable, CaseIterable {
  /// The model chose an end token, which is not part of the text.
  case stop
  /// The text has the maximum number of tokens requested.
  case length
  /// Prompt and text fill all positions of the model's context.
  case context

  init(_ end: GenerationEnd) {
    switch end {
    case .endToken: self = .stop
    case .limit: self = .length
    case .full: self = .context
    }
  }
}
