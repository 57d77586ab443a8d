import FerryDevices
import FerryTensors

/// The checksum of every segment of an image, computed where its bytes lie.
struct ImageChecksums {
  let image: WeightImage
  /// Where the image is.
  let context: DeviceContext
  let mover: Mover
  let watch: MoveWatch
  /// How often the bytes are gone over in all, and how often that was done before: a verification
  /// goes over two images.
  var pass = (number: 0, count: 1)

  /// The checksums of all segments, or of these, in their order.
  func compute(_ numbers: [Int]? = nil) throws -> [UInt64] {
    var staging: Allocation?
    let byteCount = image.layout.byteCount
    var completed = pass.number * byteCount
    let segments = numbers.map { $0.map { image.layout.segments[$0] } } ?? image.layout.segments
    return try segments.map { segment in
      try watch.checkCancellation()
      let checksum = try checksum(of: segment, staging: &staging)
      completed += segment.byteCount
      watch.report(.verifying, completed, of: pass.count * byteCount)
      return checksum
    }
  }

  /// One number over the checksums of all segments.
  static func combined(_ checksums: [UInt64]) -> UInt64 {
    var combined = Checksum()
    checksums.map(\.littleEndian).withUnsafeBytes { combined.append($0) }
    return combined.value
  }

  private func checksum(of segment: Segment, staging: inout Allocation?) throws -> UInt64 {
    guard let place = image.places[segment.index] else {
      preconditionFailure("segment \(segment.index) is absent")
    }
    switch place {
    case .assembled:
      let views = segment.parts.map { place.view(of: $0, in: segment) }
      return try context.download.checksum(views)
    case .mapped(let files):
      let memory = try staging ?? mover.host.allocate(byteCount: pieceByteCount)
      staging = memory
      return try checksum(of: segment, in: files, through: memory)
    }
  }

  /// A multiple of the checksum's words.
  private var pieceByteCount: Int { max(8, mover.staging.chunkByteCount / 8 * 8) }

  /// Reads the files, not their mapping: one that was truncated is an error and not a fault.
  private func checksum(
    of segment: Segment, in files: [MappedFile], through memory: Allocation
  ) throws -> UInt64 {
    var checksum = Checksum()
    for part in segment.parts {
      checksum.open(byteCount: part.byteCount)
      guard let source = part.source else { preconditionFailure("a mapped part has a source") }
      for start in stride(from: 0, to: part.byteCount, by: memory.byteCount) {
        let count = min(memory.byteCount, part.byteCount - start)
        guard let bytes = memory.view[0, count: count].mutableHostBytes else { continue }
        try files[source.file].read(into: bytes, at: source.offset + start)
        checksum.extend(UnsafeRawBufferPointer(bytes))
      }
    }
    return checksum.value
  }
}
