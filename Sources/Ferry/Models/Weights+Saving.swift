import FerryCheckpoints
import FerryModels
import FerryResidency
import FerryTensors

extension Weights {
  /// Writes a checkpoint of the weights from where they are: one file if they came from one, else a folder
  /// with the model's other files.
  ///
  /// Every tensor has the bytes it was loaded with. Parts that no device needs (the quantization documents)
  /// are read again from the files that the weights came from; if those changed, that is an error. Memory
  /// holds one segment at a time, and nothing appears at `destination` unless all has been written.
  @concurrent
  public func save(
    to destination: String, replacingDestination: Bool = false,
    maximumShardBytes: Int = 5_000_000_000
  ) async throws {
    let source = try ModelLoader.movingWeights(checkpoint)
    let plan = try ConversionPlan(source) { _ in .keep }
    let files = ModelFiles(source, quantization: checkpoint.quantization)
    let target = try files.open(
      destination, tensors: plan.tensors, replacing: replacingDestination,
      maximumShardBytes: maximumShardBytes)
    for (segment, items) in try itemsBySegment(of: plan) {
      try Task.checkCancellation()
      try await write(items, of: plan, inSegment: segment, to: ConversionOutput(target))
    }
    try target.finish()
  }

  /// The numbers of the plan's items by the segment that holds their weight, in order.
  private func itemsBySegment(of plan: ConversionPlan) throws -> [(Int, [Int])] {
    let segments = try Dictionary(grouping: plan.items.indices) { index in
      try entry(of: plan.items[index]).segment
    }
    return segments.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func entry(of item: ConversionPlan.Item) throws -> WeightEntry {
    guard let number = resident.layout.index(of: item.weight.name) else {
      throw TensorError(.missing, "'\(item.weight.name)' is not among the loaded weights")
    }
    return resident.layout.entries[number]
  }

  private func write(
    _ items: [Int], of plan: ConversionPlan, inSegment segment: Int, to output: ConversionOutput
  ) async throws {
    let entries = try items.map { try entry(of: plan.items[$0]) }
    try await resident.withHostBytes(ofSegment: segment) { bytes in
      for (item, entry) in zip(items, entries) {
        let weight = ConvertedWeight(
          entry.parts.map { bytes[$0] }, nestedOffset: entry.nestedOffset)
        try output.write(weight, of: plan.items[item], at: plan.placements[item])
      }
    }
  }
}
