import FerryDevices
import FerryTensors

/// Consecutive segments of a host image that are registered together, while other regions are in use.
struct HostRegion: Sendable {
  /// What is registered.
  enum Memory: Sendable {
    /// The memory the bytes are in; the region begins at this offset.
    case present(Allocation, offset: Int)
    /// Memory that has to be made first, and filled: the bytes are in files.
    case absent
  }

  private(set) var segments: Range<Int>
  private(set) var imageRange: Range<Int>
  let memory: Memory

  /// The size of memory that has to be made: every allocation has a byte.
  var byteCount: Int { max(1, imageRange.count) }

  /// One region over both, where `next` continues this one in the same memory.
  fileprivate func joined(with next: HostRegion) -> HostRegion? {
    guard segments.upperBound == next.segments.lowerBound,
      case .present(let memory, let offset) = memory,
      case .present(let other, let nextOffset) = next.memory, memory === other,
      nextOffset - offset == next.imageRange.lowerBound - imageRange.lowerBound
    else { return nil }
    var joined = self
    joined.segments = segments.lowerBound..<next.segments.upperBound
    joined.imageRange = imageRange.lowerBound..<next.imageRange.upperBound
    return joined
  }
}

extension WeightImage {
  /// What of a host image is not registered yet, in image order: memory of this process as it is, and
  /// whole slabs of the layout where there are files.
  func unpinnedRegions(slabLimit: Int) -> [HostRegion] {
    var regions: [HostRegion] = []
    for slab in layout.slabs(limit: slabLimit) {
      guard let present = slab.segments.map(presentRegion).allPresent else {
        regions.append(
          HostRegion(segments: slab.segments, imageRange: slab.imageRange, memory: .absent))
        continue
      }
      for region in present {
        if let joined = regions.last?.joined(with: region) {
          regions[regions.count - 1] = joined
        } else {
          regions.append(region)
        }
      }
    }
    return regions
  }

  /// The region of one segment; none where it is registered already, nil where it is in no memory that
  /// could be.
  private func presentRegion(segment index: Int) -> [HostRegion]? {
    guard case .assembled(let view)? = places[index] else { return nil }
    if view.isPinned { return [] }
    guard let allocation = view.owner as? Allocation else { return nil }
    return [
      HostRegion(
        segments: index..<index + 1, imageRange: layout.segments[index].imageRange,
        memory: .present(allocation, offset: view.offset))
    ]
  }

  /// The bytes of its segments that are in registered memory.
  var pinnedByteCount: Int {
    zip(places, layout.segments).reduce(0) { sum, pair in
      guard case .assembled(let view)? = pair.0, view.isPinned else { return sum }
      return sum + pair.1.byteCount
    }
  }
}

extension [[HostRegion]?] {
  /// All of them, if none is nil.
  fileprivate var allPresent: [HostRegion]? {
    let present = compactMap(\.self)
    return present.count == count ? present.flatMap(\.self) : nil
  }
}
