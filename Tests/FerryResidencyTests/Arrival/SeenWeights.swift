import FerryDevices
import FerryResidency
import FerryTensors
import Synchronization

/// What a step sees of weights, read after what its own stream waits for.
struct SeenWeights: Equatable, Sendable {
  let device: Device
  let checksums: [UInt64]
}

extension ResidentWeights {
  /// Goes through all segments in order; `reached` hears of each that is there.
  func seen(
    began: @escaping @Sendable () -> Void = {},
    reached: @escaping @Sendable (_ segment: Int) throws -> Void = { _ in }
  ) async throws -> SeenWeights {
    try await withStep { [layout] step in
      began()
      let checksums = try layout.segments.map { segment in
        let resident = try step.acquire(segment: segment.index)
        var checksum = Checksum()
        for view in Self.parts(of: segment, in: resident) {
          try step.context.bytes(of: view).withUnsafeBytes { checksum.append($0) }
        }
        try reached(segment.index)
        return checksum.value
      }
      return SeenWeights(device: step.context.device, checksums: checksums)
    }
  }

  /// Each distinct part once, in the order of the image.
  private static func parts(of segment: Segment, in resident: ResidentSegment) -> [BufferView] {
    var views: [BufferView] = []
    var seen: Set<Int> = []
    for entry in segment.entries {
      for (part, view) in zip(resident[entry].entry.parts, resident[entry].parts)
      where seen.insert(part.imageOffset).inserted || part.byteCount == 0 { views.append(view) }
    }
    return views
  }
}
