import ArgumentParser
import Ferry

/// Types of plain weights, by name.
enum Precision: String, ExpressibleByArgument, CaseIterable {
  case bf16, f16, f32

  /// The type.
  var elementType: ElementType {
    switch self {
    case .bf16: .bf16
    case .f16: .f16
    case .f32: .f32
    }
  }
}
