import FerryDevices
import FerryTensors

extension PagedWeights: PoolMember {
  /// What each page takes on the device.
  package var segmentBytes: [Int] {
    slabs.map { Self.deviceBytes(of: $0, on: context) }
  }

  /// The rate of uploads, measured at the first question.
  package var linkRate: Double? { mover.linkRates.rate(of: context, host: mover.host)?.upload }

  /// By the measured rate of the link where it is known. Bytes in files take about ten times as long as bytes in
  /// memory.
  package var secondsPerByte: Double {
    let rate = linkRate ?? 10e9
    return image.storage == .mapped ? 10 / rate : 1 / rate
  }

  package var canStream: Bool { true }

  package func setRing(
    _ room: RingPlan.Room?, report: @escaping @Sendable (RingPass) -> Void
  ) async throws {
    try await gate.enter(.move)
    defer { gate.leave(.move) }
    let watch = MoveWatch()
    try await watch.run(on: thread) { [self] in
      if room != nil { try holdOnHost(watch: watch) }
      ring = try room.map { try PageRing(self, $0, report: report) }
      if room == nil { settle() }
    }
  }

  package func bring(
    _ segments: [Int], control: LoadControl, started: @escaping @Sendable () -> Void
  ) async throws -> [Int] {
    let watch = MoveWatch()
    return try await watch.run(on: thread) { [self] in
      var arrival = try PageArrival(segments, of: self, watch: watch)
      started()
      return try arrival.run(control)
    }
  }

  /// Waits for running steps, and until the driver has the memory back.
  package func giveUp(_ segments: [Int]) async throws {
    try await gate.enter(.move)
    defer { gate.leave(.move) }
    try await thread.run { [self] in
      table.remove(segments)
      settle()
    }
  }

  /// Waits until released memory is back where the driver makes it wait. Failures of work that others queued are
  /// theirs to hear of.
  func settle() {
    let backend = context.backend
    if !backend.limits.freesInOrder || backend.reservations != nil { try? context.drain() }
  }
}

/// Pages on their way to a device.
struct PageArrival {
  private let numbers: [Int]
  private let weights: PagedWeights
  private let places: [ImageMemory.Place]
  private let image: WeightImage
  private let pinning: HostPinning?
  private let watch: MoveWatch

  /// Makes memory for all of them. Steps that need one of them wait from here on.
  init(_ numbers: [Int], of weights: PagedWeights, watch: MoveWatch) throws {
    self.numbers = numbers
    self.weights = weights
    self.watch = watch
    image = weights.image
    try image.checkFilesUnchanged()
    places = try numbers.map { number throws(DeviceError) in
      try ImageMemory.Place(
        reserving: weights.slabs[number], on: weights.context,
        at: weights.table.addresses(ofPage: number))
    }
    pinning = Self.pinning(numbers, of: weights, image)
    weights.table.expect(numbers)
  }

  /// The host image is registered on the way where all of it passes.
  private static func pinning(
    _ numbers: [Int], of weights: PagedWeights, _ image: WeightImage
  ) -> HostPinning? {
    guard weights.context.backend.pinning != nil, numbers.count == weights.slabs.count else {
      return nil
    }
    // Refused, the bytes go through the staging ring.
    return try? HostPinning(
      image, for: weights.context, mover: weights.mover, slabLimit: weights.pageLimit)
  }

  /// Copies page by page, as long as `control` lets it; which came. After an error none did.
  mutating func run(_ control: LoadControl) throws -> [Int] {
    var chunks: [TransferChunk] = []
    var pageEnds: [Int] = []
    let mover = weights.mover
    for place in places {
      chunks += place.chunks(of: mover.staging.chunkByteCount, within: mover.pins.pieceByteCount)
      pageEnds.append(chunks.count)
    }
    var transfer = UploadTransfer(
      ImageSource(image, on: mover.host, parts: weights.parts), chunks: chunks,
      to: weights.context, pinning: pinning, parts: weights.parts, mover: mover, watch: watch)
    do {
      defer { pinning?.stop() }
      let count = try copy(&transfer, pageEnds, control)
      try image.checkFilesUnchanged()
      if weights.verifies { try weights.verify(Array(numbers[..<count]), watch: watch) }
      if count == numbers.count { try keepOnHost() }
      weights.table.remove(Array(numbers[count...]))
      return Array(numbers[..<count])
    } catch {
      try? weights.context.upload.synchronize()
      withExtendedLifetime(transfer) {}
      weights.table.remove(numbers, because: error)
      throw error
    }
  }

  /// How many pages came.
  private func copy(
    _ transfer: inout UploadTransfer, _ pageEnds: [Int], _ control: LoadControl
  ) throws -> Int {
    var page = 0
    let (weights, places, numbers) = (weights, places, numbers)
    let pageBytes = weights.segmentBytes
    var firstPage: (any DeviceEvent)?
    // Pages without bytes have no chunk.
    func put(upToChunk end: Int, _ event: any DeviceEvent) {
      while page < pageEnds.count, pageEnds[page] <= end {
        weights.table.put(numbers[page], places[page].memory, arrival: event)
        if numbers[page] == 0 { firstPage = event }
        control.note(pageBytes[numbers[page]])
        page += 1
      }
    }
    put(upToChunk: 0, try weights.context.upload.record())
    try transfer.run { chunk, event in
      put(upToChunk: chunk + 1, event)
      if firstPage?.hasPassed ?? false { control.noteFirstPage() }
      return page < pageEnds.count && !control.shouldStop
    }
    if firstPage != nil { control.noteFirstPage() }
    return page
  }

  /// What was registered on the way is the host image from now on; where that was refused, memory that is not, filled
  /// from what the system has just read.
  private func keepOnHost() throws {
    guard let pinning else { return try weights.holdPageable(watch: watch) }
    try pinning.finish()
    weights.image = pinning.result
  }
}
