import FerryResidency

/// The kinds of traces that ``Engine/planGenerated(_:seed:bytesPerSecond:)`` generates.
public enum GeneratedTrace: String, Hashable, Sendable, CaseIterable {
  /// A workflow that repeats.
  case cyclic
  /// A cycle through some of the models, then through others.
  case phases
  /// Independent requests of unequal popularity.
  case zipf

  var kind: TraceGenerator.Kind {
    switch self {
    case .cyclic: .cyclic
    case .phases: .phases
    case .zipf: .zipf
    }
  }
}
