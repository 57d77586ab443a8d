import FerryDevices
import FerryTensors
import Synchronization

extension PagedWeights {
  /// The checksum of every segment, computed where its bytes now lie: of a page that is on the device, or on its way
  /// there, by the device's own kernel; of an absent one, and of one in a ring, on the host, whose image stays.
  package func checksums() async throws -> [UInt64] {
    try await gate.enter(.step)
    defer { gate.leave(.step) }
    let watch = MoveWatch()
    return try await context.worker.run { [self] in
      let arrived = try segmentsOnDevice()
      let absent = layout.segments.indices.filter { !arrived.contains($0) }
      let here = try ImageChecksums(
        image: table.present, context: context, mover: mover, watch: watch
      ).compute(arrived)
      let all = Dictionary(
        uniqueKeysWithValues: zip(arrived + absent, here + (try hostChecksums(absent, watch))))
      return layout.segments.indices.compactMap { all[$0] }
    }
  }

  /// The segments of pages that are on the device; what is read there from now on finds them arrived.
  private func segmentsOnDevice() throws -> [Int] {
    try layout.segments.indices.filter { segment in
      // A page that could not come is absent.
      guard let (_, arrival) = try? table.segment(segment) else { return false }
      if let arrival { try context.download.wait(for: arrival) }
      return true
    }
  }

  /// Compares pages on the device with the host's bytes, by checksums computed where they lie.
  ///
  /// - Throws: ``ResidencyError/Code/verificationFailed``, which names the segment.
  func verify(_ pages: [Int], watch: MoveWatch) throws {
    let segments = pages.flatMap { slabs[$0].segments }
    let arrived = try ImageChecksums(
      image: table.present, context: context, mover: mover, watch: watch
    ).compute(segments)
    let expected = try hostChecksums(segments, watch)
    for (segment, (found, known)) in zip(segments, zip(arrived, expected)) where found != known {
      throw ResidencyError(
        .verificationFailed,
        "segment \(segment) (\(layout.segments[segment].name)) failed verification, "
          + "\(String(known, radix: 16)) on the host and \(String(found, radix: 16)) on \(device): "
          + "use the model again, and if that fails too load it again")
    }
  }

  /// The checksums of the host's segments, each computed once.
  private func hostChecksums(_ segments: [Int], _ watch: MoveWatch) throws -> [UInt64] {
    let known = knownChecksums.withLock { $0 }
    let missing = segments.filter { known[$0] == nil }
    let computed = try ImageChecksums(
      image: image, context: mover.host, mover: mover, watch: watch
    ).compute(missing)
    let all = known.merging(zip(missing, computed)) { first, _ in first }
    knownChecksums.withLock { $0 = all }
    return segments.compactMap { all[$0] }
  }
}
