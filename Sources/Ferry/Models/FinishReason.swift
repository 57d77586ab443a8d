import FerryModels

/// Why a generation ended.
public enum FinishReason: String, Hashable, Sendable, CaseIterable {
  /// The model chose an end token, which is not part of the text.
  case stop
  /// It has as many tokens as were asked for at most.
  case length
  /// Prompt and text fill all positions that the model has.
  case context

  init(_ end: GenerationEnd) {
    switch end {
    case .endToken: self = .stop
    case .limit: self = .length
    case .full: self = .context
    }
  }
}
