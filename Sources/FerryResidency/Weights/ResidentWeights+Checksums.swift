import FerryDevices
import FerryTensors

extension ResidentWeights {
  /// The checksum of every segment, computed where the bytes now lie: on a device by its own kernel.
  package func checksums() async throws -> [UInt64] {
    try await gate.enter(.reading)
    defer { gate.leave(.reading) }
    let watch = MoveWatch()
    return try await watch.run(on: thread) { [self] in
      try encodeAll()
      let image = placement.active
      return try ImageChecksums(image: image, context: context, mover: mover, watch: watch)
        .compute()
    }
  }

  /// One number over the checksums of all segments, as ``MoveReport/checksum`` has it.
  package static func combined(_ checksums: [UInt64]) -> UInt64 {
    ImageChecksums.combined(checksums)
  }
}
