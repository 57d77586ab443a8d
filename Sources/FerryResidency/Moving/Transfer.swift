import FerryDevices
import FerryTensors

/// Copies an image from where it is into memory reserved elsewhere, chunk by chunk.
enum Transfer {
  case upload(UploadTransfer)
  case download(DownloadTransfer)

  /// A copy into `target`, which is memory of `context`; the host's side of it is being registered by
  /// `pinning`, if by anybody.
  init(
    _ source: ImageSource, into target: ImageMemory, on context: DeviceContext,
    pinning: HostPinning?, parts: PartTable, mover: Mover, watch: MoveWatch
  ) {
    self =
      if context.device == .cpu {
        .download(
          DownloadTransfer(
            source, into: target, pinning: pinning, parts: parts, mover: mover, watch: watch))
      } else {
        .upload(
          UploadTransfer(
            source,
            chunks: target.chunks(
              of: mover.staging.chunkByteCount, within: mover.pins.pieceByteCount),
            to: context, pinning: pinning, parts: parts, mover: mover, watch: watch))
      }
  }

  /// Copies everything. After an error some copies may still be under way, and this value must live
  /// until both contexts' copy streams have been synchronised.
  ///
  /// `arrival` hears which part of the image is on its way to a device.
  func run(telling arrival: WeightArrival?) throws {
    switch self {
    case .upload(var transfer):
      let chunks = transfer.chunks
      try transfer.run { number, event in
        arrival?.began(upTo: chunks[number].imageRange.upperBound, arrival: event)
        return true
      }
    case .download(var transfer): try transfer.run()
    }
  }
}
