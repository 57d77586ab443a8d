import FerryResidency

/// The traces that ``Engine/planGenerated(_:seed:bytesPerSecond:)`` makes.
public enum GeneratedTrace: String, Hashable, Sendable, CaseIterable {
  /// A workflow over and over.
  case cyclic
  /// A cycle over some of the models, then over others.
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
