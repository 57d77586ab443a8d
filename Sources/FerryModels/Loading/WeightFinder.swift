import FerryTensors

/// Where a weight is in a layout.
struct WeightNumber: Sendable {
  /// The number of its segment.
  let segment: Int
  /// Its number in ``WeightLayout/entries``.
  let entry: Int
}

/// A linear layer's weights, all of one segment.
struct LinearNumbers: Sendable {
  let weight: Int
  let bias: Int?
}

/// Looks weights up by name.
struct WeightFinder {
  private let layout: WeightLayout

  init(_ layout: WeightLayout) { self.layout = layout }

  /// The place of a weight that must be there.
  func number(_ name: String) throws(ModelError) -> WeightNumber {
    guard let entry = layout.index(of: name) else {
      throw ModelError(.missingWeight, "the layout has no weight '\(name)'")
    }
    return WeightNumber(segment: layout.entries[entry].segment, entry: entry)
  }

  /// The numbers of a linear layer.
  func linear(_ module: WeightNames, bias: Bool) throws(ModelError) -> LinearNumbers {
    LinearNumbers(
      weight: try number(module.weight).entry, bias: bias ? try number(module.bias).entry : nil)
  }
}
