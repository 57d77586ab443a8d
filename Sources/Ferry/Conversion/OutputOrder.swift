import FerryCheckpoints
import FerryModels

/// The order of weights in a written checkpoint: that of the forward pass, so that loading reads the file
/// from front to back.
enum OutputOrder {
  /// Weights of an unknown family are put into groups of about this many bytes, in file order.
  private static let groupBytes = 64 << 20

  /// The weights in groups that are needed together.
  static func groups(of source: SourceWeights) -> [[SourceWeight]] {
    guard let blueprint = source.blueprint else { return inFileOrder(source.weights) }
    var placed: Set<ExactString> = []
    var groups = blueprint.segments.map { segment in
      segment.weights.flatMap(\.names).compactMap { name -> SourceWeight? in
        guard let weight = source[name], placed.insert(ExactString(name)).inserted else {
          return nil
        }
        return weight
      }
    }
    groups += inFileOrder(source.weights.filter { !placed.contains(ExactString($0.name)) })
    return groups.filter { !$0.isEmpty }
  }

  private static func inFileOrder(_ weights: [SourceWeight]) -> [[SourceWeight]] {
    var groups: [[SourceWeight]] = []
    var size = 0
    for weight in weights {
      let bytes = weight.parts.reduce(0) { $0 + $1.byteCount }
      if groups.isEmpty || size + bytes > groupBytes {
        groups.append([])
        size = 0
      }
      groups[groups.count - 1].append(weight)
      size += bytes
    }
    return groups
  }
}
