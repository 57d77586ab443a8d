import FerryDevices
import FerryTensors

extension LayoutPlan {
  /// The weights in host memory: the files mapped if they hold everything as memory does, else read
  /// segment by segment into pageable memory.
  func image(on host: DeviceContext) throws -> WeightImage {
    precondition(host.device == .cpu, "weights are loaded into host memory")
    return layout.isMappable ? try WeightImage(mapping: layout) : try assembled(on: host)
  }

  private func assembled(on host: DeviceContext) throws -> WeightImage {
    var image = WeightImage(empty: layout, device: .cpu, storage: .pageable)
    for slab in layout.slabs() {
      let memory = try host.allocate(byteCount: max(slab.imageRange.count, 1)).view
      for segment in layout.segments[slab.segments] {
        let start = segment.imageRange.lowerBound - slab.imageRange.lowerBound
        let place = memory[start, count: segment.imageRange.count]
        try fill(segment, at: place)
        image.set(.assembled(place), segment: segment.index)
      }
    }
    return image
  }

  private func fill(_ segment: Segment, at place: BufferView) throws {
    guard let bytes = place.mutableHostBytes else { preconditionFailure("host memory") }
    for number in segment.entries {
      for (index, part) in layout.entries[number].parts.enumerated() {
        let start = part.imageOffset - segment.imageRange.lowerBound
        try source.read(
          part: index, of: origins[number],
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + part.byteCount]))
      }
    }
  }
}
