/// The unit of device allocation: one piece of memory that holds the images of some consecutive segments.
public struct Slab: Sendable {
  /// The segments it holds.
  public let segments: Range<Int>
  /// The part of the image it holds, in bytes.
  public let imageRange: Range<Int>
}

extension WeightLayout {
  /// Cuts the image into slabs of at most `limit` bytes, each of whole segments; a segment larger
  /// than `limit` gets a slab of its own.
  ///
  /// Many small segments share a slab, so that a model of thousands of tensors costs a few
  /// allocations; slabs are no larger than what they hold.
  public func slabs(limit: Int = 256 << 20) -> [Slab] {
    var slabs: [Slab] = []
    var first = 0
    for (index, segment) in segments.enumerated() {
      let start = segments[first].imageRange.lowerBound
      if index > first && segment.imageRange.upperBound - start > limit {
        slabs.append(slab(first..<index))
        first = index
      }
    }
    if first < segments.count { slabs.append(slab(first..<segments.count)) }
    return slabs
  }

  private func slab(_ range: Range<Int>) -> Slab {
    Slab(
      segments: range,
      imageRange: segments[range.lowerBound].imageRange
        .lowerBound..<segments[range.upperBound - 1].imageRange.upperBound)
  }
}
