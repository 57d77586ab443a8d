import FerryDevices
import FerryTensors
import Synchronization

extension PagedWeights {
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
