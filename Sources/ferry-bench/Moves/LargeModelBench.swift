import Ferry
import FerryCheckpoints
import FerryResidency
import FerryTensors
import FoundationEssentials
import Glibc

/// The case this project was begun for: an INT8 model of 81 GB, held in RAM, parked and restored; or
/// the largest that fits, with the figure for 81 GB worked out from it and called so.
struct LargeModelBench {
  let open: OpenDevice
  let link: RawLink
  let mover: Mover
  let scratch: String
  private static let wanted = 81e9

  init(_ open: OpenDevice, _ link: RawLink, _ mover: Mover, scratch: String) {
    (self.open, self.link, self.mover, self.scratch) = (open, link, mover, scratch)
  }

  /// The figures; a failure is one that says so.
  func attempt() async -> [Figure] {
    await .attempting("\(Self.name): restore", "s", .atMost, 1.6) { try await inMemory() }
      + .attempting("disk to device", "GB/s") { try await fromDisk() }
  }

  private static let name = "81 GB INT8 in RAM"

  private func inMemory() async throws -> [Figure] {
    let byteCount = min(open.scale.largestImage, Double(try open.room().bytes) * 0.97)
    let layout = SyntheticLayout.dense.layout(
      LinearKind.int8.format, byteCount: Int(byteCount * 0.97))
    let image = try await MovedImage(open, mover, layout)
    let first = try await image.restore()
    var parks = [try await image.park()]
    var restores: [MoveReport] = []
    for _ in 0..<3 {
      restores.append(try await image.restore())
      parks.append(try await image.park())
    }
    // 1.6 s where the link gives 55 GB/s; in proportion elsewhere.
    let limit = 1.6 * 55e9 / link.upload
    return [
      figure("first restore", first.seconds, image, limit: nil),
      figure("restore", restores.medianSeconds, image, limit: limit),
      figure("park, released", parks.medianSeconds, image, limit: 0.081),
    ]
  }

  /// What the model's size makes of a time, and how.
  private func figure(
    _ what: String, _ seconds: Double, _ image: MovedImage, limit: Double?
  ) -> Figure {
    let bytes = Double(image.byteCount)
    let isWhole = bytes >= 0.95 * Self.wanted
    return Figure(
      "\(Self.name): \(what)", seconds * Self.wanted / bytes, "s", .atMost, limit,
      seconds: seconds,
      note: isWhole
        ? "\((bytes / 1e9).short) GB moved" : "EXTRAPOLATED from \((bytes / 1e9).short) GB")
  }

  /// The leg from the disk, on a file that was pushed out of the system's cache.
  private func fromDisk() async throws -> [Figure] {
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let path = "\(scratch)/disk-leg.safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let free = Double(FileSystemSpace.freeBytes(scratch))
    let size = min(open.scale.diskFile, free * 0.8, Double(try open.room().bytes))
    let count = max(1, Int(size / 2 / (8192 * 8192)))
    try SyntheticFile.matrices(path, count: count, rows: 8192, columns: 8192)
    let isCold = FileSystemSpace.evict(path)
    let start = ContinuousClock.now
    let weights = try await open.engine.loadWeights(path, on: open.context.device)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let bytes = Double(weights.byteCount)
    let note =
      "EXTRAPOLATED from \((bytes / 1e9).short) GB in \(seconds.short) s, "
      + (isCold ? "out of the system's cache" : "maybe in the system's cache")
    return [
      Figure("disk to device", bytes / seconds / 1e9, "GB/s", .atLeast, seconds: seconds),
      Figure(
        "81 GB INT8 from the disk to the device", seconds * Self.wanted / bytes, "s", .atMost,
        note: note),
    ]
  }
}

extension BenchScale {
  /// The bytes of the large image.
  fileprivate var largestImage: Double { pick(full: 81e9, host: 4e9, small: 40e6) }
  /// The bytes of the file of the disk's leg, at most.
  fileprivate var diskFile: Double { pick(full: 32e9, host: 2e9, small: 134_217_728) }
}

/// What a file system has to say.
enum FileSystemSpace {
  /// Bytes that a user may still write at a path; 0 where that is not known.
  static func freeBytes(_ path: String) -> Int {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return 0 }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  /// Has a file written out and dropped from the system's cache, where the system does as it is told.
  static func evict(_ path: String) -> Bool {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return false }
    defer { close(file) }
    return fsync(file) == 0 && posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0
  }
}
