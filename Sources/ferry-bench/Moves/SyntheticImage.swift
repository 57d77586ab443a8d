import FerryDevices
import FerryTensors

/// An image in host memory whose content is made and not read.
enum SyntheticImage {
  /// What a segment's bytes are filled with.
  typealias Content = @Sendable (_ bytes: UnsafeMutableRawBufferPointer, _ segment: Segment) -> Void

  /// Random bytes, of which nothing is computed.
  static let noise: Content = { bytes, segment in
    Noise.fill(bytes, seed: UInt64(segment.index))
  }

  /// Random weights that a model computes with, finite and small.
  static let weights: Content = { bytes, segment in
    for (index, part) in segment.parts.enumerated() {
      let start = part.imageOffset - segment.imageRange.lowerBound
      let place = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + part.byteCount])
      SyntheticWeight.fill(place, part.specification, seed: UInt64(segment.index << 16 + index))
    }
  }

  /// The whole image, its slabs filled side by side.
  static func make(
    _ layout: WeightLayout, on host: DeviceContext, content: @escaping Content = noise
  ) async throws -> WeightImage {
    var image = WeightImage(empty: layout, device: .cpu, storage: .pageable)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for slab in layout.slabs() {
        let memory = try host.allocate(byteCount: max(slab.imageRange.count, 1)).view
        for segment in layout.segments[slab.segments] {
          let start = segment.imageRange.lowerBound - slab.imageRange.lowerBound
          let place = memory[start, count: segment.imageRange.count]
          image.set(.assembled(place), segment: segment.index)
          group.addTask { if let bytes = place.mutableHostBytes { content(bytes, segment) } }
        }
      }
      try await group.waitForAll()
    }
    return image
  }
}
