import FerryDevices
import FerryFormats
import FerryResidency
import FerryTensors

/// One synthetic model: uploaded, parked and restored, with its memory released and retained, and
/// downloaded; by the driver's count, nothing stays on the device.
struct ImageBench {
  let open: OpenDevice
  let link: RawLink
  let mover: Mover
  let layout: WeightLayout
  private let name: String
  private static let rounds = 3

  init(
    _ open: OpenDevice, _ link: RawLink, _ mover: Mover, _ kind: SyntheticLayout,
    _ format: LinearKind, gigabytes: Double
  ) {
    (self.open, self.link, self.mover) = (open, link, mover)
    layout = kind.layout(format.format, byteCount: Int(gigabytes * 1e9))
    name = "\(gigabytes.short) GB \(format.name), \(kind)"
  }

  /// The figures; a failure is one that says so.
  func attempt() async -> [Figure] {
    await .attempting("upload, \(name)", "", .atLeast, 0.97) { try await figures() }
  }

  private func figures() async throws -> [Figure] {
    if let shortage = try open.shortage(of: layout.imageByteCount) {
      return [Figure("upload, \(name)", unmeasured: shortage, "", .atLeast, 0.97)]
    }
    let image = try await MovedImage(open, mover, layout)
    var figures = first(try await image.restore(verify: true))
    _ = try await image.park()
    figures += try await releasing(image)
    figures += try await retaining(image)
    figures += try await downloading(image)
    return figures
  }

  /// The first move of a model, which registers its host image; later ones do not.
  private func first(_ report: MoveReport) -> [Figure] {
    let upload = Figure(
      "first upload, \(name)", Double(report.bytes) / report.seconds / link.upload,
      "of raw \(link.memory)", .atLeast, seconds: report.seconds,
      note: "\(layout.entries.count) tensors, their bytes verified; \(report.preparation)")
    guard report.hostStorage == .pinned else { return [upload] }
    let rate = Double(report.bytes) / report.pinningSeconds / 1e9
    return [
      upload,
      Figure(
        "registering the host image, \(name)", rate, "GB/s", .atLeast,
        seconds: report.pinningSeconds),
    ]
  }

  private func releasing(_ image: MovedImage) async throws -> [Figure] {
    let before = try image.usedBytes()
    var restores: [MoveReport] = []
    var parks: [MoveReport] = []
    for _ in 0..<Self.rounds {
      restores.append(try await image.restore())
      parks.append(try await image.park())
    }
    let after = try image.usedBytes()
    let millisecondsPerGB = parks.medianSeconds * 1e3 / (Double(image.byteCount) / 1e9)
    return [
      upload("upload, \(name)", restores, limit: 0.97), creation(restores),
      Figure(
        "park, released, \(name)", millisecondsPerGB, "ms/GB", .atMost, 1,
        seconds: parks.medianSeconds),
      memory(before, after),
    ]
  }

  private func retaining(_ image: MovedImage) async throws -> [Figure] {
    _ = try await image.restore()
    _ = try await image.park(.retain)
    var restores: [MoveReport] = []
    var parks: [MoveReport] = []
    for _ in 0..<Self.rounds {
      restores.append(try await image.restore())
      parks.append(try await image.park(.retain))
    }
    open.context.trim()
    return [
      upload("restore into retained memory, \(name)", restores, limit: 0.97),
      Figure(
        "park, retained, \(name)", parks.medianSeconds * 1e3, "ms", .atMost, 5,
        seconds: parks.medianSeconds),
    ]
  }

  private func downloading(_ image: MovedImage) async throws -> [Figure] {
    var reports: [MoveReport] = []
    for _ in 0..<2 {
      _ = try await image.restore(keepingHostCopy: false)
      reports.append(try await image.park())
    }
    guard let best = reports.min(by: { $0.copySeconds < $1.copySeconds }) else { return [] }
    return [
      Figure(
        "download, \(name)", copyRate(best.copySeconds) / link.download,
        "of raw \(link.memory)", .atLeast, 0.97, seconds: best.seconds,
        note: "the copies alone; \(best.preparation)")
    ]
  }

  private func upload(_ name: String, _ reports: [MoveReport], limit: Double) -> Figure {
    let copying = reports.map(\.copySeconds).median
    return Figure(
      name, copyRate(copying) / link.upload, "of raw \(link.memory)", .atLeast, limit,
      seconds: reports.medianSeconds,
      note: "the copies alone, median of \(reports.count); \(reports[0].preparation)")
  }

  private func copyRate(_ seconds: Double) -> Double { Double(layout.byteCount) / seconds }

  /// What making memory on the device adds to an upload.
  private func creation(_ reports: [MoveReport]) -> Figure {
    let seconds = reports.map(\.allocationSeconds).median
    return Figure(
      "making the device's memory, \(name)", seconds * 1e3 / (Double(layout.byteCount) / 1e9),
      "ms/GB", .atMost, seconds: seconds)
  }

  private func memory(_ before: Int?, _ after: Int?) -> Figure {
    let name = "device memory that stays after parking, \(name)"
    guard let before, let after else {
      let reason = "the driver of \(open.context.device) does not tell what is free"
      return Figure(name, unmeasured: reason, "bytes", .atMost)
    }
    return Figure(name, Double(after - before), "bytes", .atMost, 0)
  }
}

extension MoveReport {
  /// How the host held the weights, and what else than copies the move took time for.
  fileprivate var preparation: String {
    let memory = "\(allocationSeconds.spelledAsTime) for memory on the target"
    let registering =
      hostStorage == .pinned ? "\(pinningSeconds.spelledAsTime) for registering" : nil
    let storage = hostStorage.map { "the host image \($0.rawValue)" }
    let failure = hostPinningFailure.map { "not registered: \($0)" }
    return [memory, registering, storage, failure].compactMap { $0 }.joined(separator: ", ")
  }
}

extension [MoveReport] {
  /// The middle of the times.
  var medianSeconds: Double { map(\.seconds).median }
}

extension OpenDevice {
  /// Why an image of so many bytes does not fit; nil where it fits.
  func shortage(of byteCount: Int) throws -> String? {
    let room = try room()
    guard byteCount > room.bytes else { return nil }
    return "\((Double(byteCount) / 1e9).short) GB do not fit into \(room.place)"
  }

  /// The most bytes that fit into the device and into the host, and where they are scarcer.
  func room() throws -> (bytes: Int, place: String) {
    let device = try backend.memory()
    let memory = try host.backend.memory()
    let onDevice = Double(device.free ?? device.total) * 0.95
    let onHost = Double(memory.free ?? memory.total) * 0.9
    return onDevice <= onHost
      ? (Int(onDevice), context.device.description) : (Int(onHost), "the host's memory")
  }
}
