import FerryDevices
import FerryTensors

/// Copies an image from where it is into memory reserved elsewhere, chunk by chunk.
enum Transfer {
  case upload(UploadTransfer)
  case download(DownloadTransfer)

  /// A copy into `target`, which is memory of `context`. In an upload `hostImage` becomes the image too:
  /// host memory with the same slabs, through which everything goes.
  init(
    _ source: ImageSource, into target: ImageMemory, on context: DeviceContext,
    by hostImage: ImageMemory? = nil, parts: PartTable, mover: Mover, watch: MoveWatch
  ) {
    self =
      if context.device == .cpu {
        .download(
          DownloadTransfer(source, into: target, parts: parts, mover: mover, watch: watch))
      } else {
        .upload(
          UploadTransfer(
            source, into: target, on: context, by: hostImage, parts: parts, mover: mover,
            watch: watch))
      }
  }

  /// Copies everything. After an error some copies may still be under way, and this value must live
  /// until both contexts' copy streams have been synchronised.
  func run() throws {
    switch self {
    case .upload(var transfer): try transfer.run()
    case .download(var transfer): try transfer.run()
    }
  }
}
