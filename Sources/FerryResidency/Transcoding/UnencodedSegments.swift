import FerryDevices
import FerryTensors
import Synchronization

/// The segments of an image that still have to be encoded where they are.
final class UnencodedSegments: Sendable {
  private let transcoding: any WeightTranscoding
  private let context: DeviceContext
  private let waiting: Mutex<[Int: [UnencodedWeight]]>

  init(
    _ segments: [Int: [UnencodedWeight]], with transcoding: any WeightTranscoding,
    on context: DeviceContext
  ) {
    self.transcoding = transcoding
    self.context = context
    self.waiting = Mutex(segments)
  }

  /// Encodes a segment, if that was not done before; who asks for it at the same time waits. After an
  /// error the segment is unencoded still.
  func encode(segment: Int) throws {
    try waiting.withLock { waiting in
      guard let weights = waiting[segment] else { return }
      for weight in weights { try weight.encode(with: transcoding, on: context) }
      waiting[segment] = nil
    }
  }

  /// Encodes every segment that is not encoded yet.
  func encodeAll() throws {
    let segments = waiting.withLock { $0.keys.sorted() }
    for segment in segments { try encode(segment: segment) }
  }
}
