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
  ///
  /// - Throws: ``ResidencyError/Code/verificationFailed`` where a payload does not come out as the one
  ///   that left the source, and what encoding throws.
  func encode(segment: Int) throws {
    try waiting.withLock { waiting in
      guard let weights = waiting[segment] else { return }
      for weight in weights {
        guard try weight.encode(with: transcoding, on: context) else { throw failure(weight) }
      }
      waiting[segment] = nil
    }
  }

  private func failure(_ weight: UnencodedWeight) -> ResidencyError {
    ResidencyError(
      .verificationFailed,
      "the weight \(weight.entry.name) has other bytes when it is encoded on \(context.device) than "
        + "when it is encoded where it came from; move the model back to a host copy, or load it again, "
        + "and move it directly")
  }

  /// Encodes every segment that is not encoded yet.
  func encodeAll() throws {
    let segments = waiting.withLock { $0.keys.sorted() }
    for segment in segments { try encode(segment: segment) }
  }
}
