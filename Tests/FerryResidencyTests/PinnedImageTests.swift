import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("A host image in registered memory")
struct PinnedImageTests {
  private func images(_ model: TestModel, _ places: TestPlaces) throws -> [WeightImage] {
    [try model.mapped(), try model.pageable(places.host)]
  }

  @Test(
    "is made by the first move and never again", arguments: TestModel.Kind.allCases, [true, false])
  func once(kind: TestModel.Kind, isMapped: Bool) async throws {
    let places = try TestPlaces(chunkCount: 1, maximumAllocation: 40_960, able: true)
    let model = try TestModel(kind, scrambled: true)
    do {
      let image = isMapped ? try model.mapped() : try model.pageable(places.host)
      let weights = ResidentWeights(image, mover: places.mover)
      let first = try await weights.move(to: places.devices[0], options: .quiet(verify: true))
      #expect(first.hostStorage == .pinned && first.hostPinningFailure == nil)
      #expect(places.backends[0].registeredBytes >= model.layout.byteCount)
      let (calls, bytes) = (places.backends[0].count(of: .registration), places.host.bytesInUse)
      let allocations = places.hostBackend.count(of: .allocation)
      for target in [places.devices[1], places.host, places.devices[0]] {
        let report = try await weights.move(to: target, options: .quiet())
        #expect(report.hostStorage == .pinned && weights.hostStorage == .pinned)
        #expect(try await weights.checksums() == model.checksums)
        #expect(try await model.matches(weights))
      }
      #expect(places.backends.map { $0.count(of: .registration) } == [calls, 0])
      #expect(places.hostBackend.count(of: .allocation) == allocations)
      #expect(places.host.bytesInUse == bytes)
    }
    try places.expectNothingLeft()
  }

  @Test("is uploaded from directly")
  func direct() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    for image in try images(model, places) {
      let weights = ResidentWeights(image, mover: places.mover)
      try await weights.move(to: places.devices[0], options: .quiet())
      try await weights.move(to: places.host, options: .quiet())
      let before = places.backends[0].pinnedBytes
      try await weights.move(to: places.devices[0], options: .quiet())
      #expect(places.backends[0].pinnedBytes - before >= model.layout.byteCount)
    }
  }

  @Test("needs the file no more")
  func fileGone() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try await weights.move(to: places.devices[0], options: .quiet())
    model.truncate(to: 10)
    try await weights.move(to: places.host, options: .quiet())
    try await weights.move(to: places.devices[1], options: .quiet())
    #expect(try await weights.checksums() == model.checksums)
  }

  @Test("is where a model arrives that only a device had")
  func download() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    do {
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      let up = try await weights.move(
        to: places.devices[0], options: .quiet(keepingHostCopy: false))
      #expect(up.hostStorage == nil && up.hostPinningFailure == nil)
      places.mover.trim()
      #expect(places.backends[0].registeredBytes == 0)
      let down = try await weights.move(to: places.host, options: .quiet())
      #expect(down.hostStorage == .pinned && down.bytes == model.layout.byteCount)
      #expect(try await model.matches(weights))
      let asIs = try await weights.copy()
      try await asIs.move(to: places.devices[0], options: .quiet(hostCopy: .asIs))
      #expect(asIs.hostStorage == .pinned)
    }
    try places.expectNothingLeft()
  }

  @Test("is shared by copies of the model and registered once")
  func shared() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    do {
      let weights = ResidentWeights(try model.pageable(places.host), mover: places.mover)
      let copy = try await weights.copy()
      try await weights.move(to: places.devices[0], options: .quiet())
      let registered = places.backends[0].registeredBytes
      let report = try await copy.move(to: places.devices[0], options: .quiet())
      #expect(report.hostStorage == .pinned && report.hostPinningFailure == nil)
      #expect(places.backends[0].registeredBytes == registered)
      #expect(try await copy.checksums() == model.checksums)
    }
    try places.expectNothingLeft()
  }

  @Test("that the driver refuses from some region on is kept up to there, with the reason")
  func refused() async throws {
    for isMapped in [true, false] {
      for mode in [MoveOptions.Mode.release, .retain] {
        for number in 1...4 {
          try await refused(registration: number, isMapped: isMapped, mode)
        }
      }
    }
  }

  /// One thread registers, so that regions are refused in order.
  private func refused(
    registration number: Int, isMapped: Bool, _ mode: MoveOptions.Mode
  ) async throws {
    let places = try TestPlaces(readerCount: 1, maximumAllocation: 40_960, able: true)
    let model = try TestModel(scrambled: true)
    do {
      let image = isMapped ? try model.mapped() : try model.pageable(places.host)
      let weights = ResidentWeights(image, mover: places.mover)
      // The ring is registered now, and not between the regions.
      try await weights.move(to: places.devices[0], options: .quiet(hostCopy: .asIs))
      try await weights.move(to: places.host, options: .quiet())
      let memlock = DeviceError(.driver, "raise the limit of locked memory")
      places.backends[0].fail(.registration, number: number, repeatedly: true, with: memlock)
      let report = try await weights.move(
        to: places.devices[0], options: .quiet(verify: true, mode: mode))
      places.backends[0].clearFaults()
      let storage = isMapped ? WeightImage.Storage.mapped : .pageable
      #expect(report.hostPinningFailure?.message == memlock.message)
      #expect(report.hostStorage == storage && weights.hostStorage == storage)
      #expect((report.hostPinnedBytes > 0) == (number > 1))
      #expect(report.hostPinnedBytes < model.layout.byteCount)
      try await expectUse(of: weights, model, places, mode, pinnedBytes: report.hostPinnedBytes)
    }
    try places.expectNothingLeft()
  }

  /// What is registered is uploaded from where it is, the rest is registered by the next move.
  private func expectUse(
    of weights: ResidentWeights, _ model: TestModel, _ places: TestPlaces, _ mode: MoveOptions.Mode,
    pinnedBytes: Int
  ) async throws {
    #expect(try await weights.checksums() == model.checksums)
    #expect(try await model.matches(weights))
    places.mover.trim()
    #expect(places.backends[0].registeredBytes >= pinnedBytes)
    let calls = places.backends[0].count(of: .registration)
    try await weights.move(to: places.host, options: .quiet(verify: true, mode: mode))
    #expect(try await weights.checksums() == model.checksums)
    let asIs = try await weights.move(
      to: places.devices[0], options: .quiet(hostCopy: .asIs, mode: mode))
    #expect(asIs.hostPinnedBytes == pinnedBytes && asIs.pinningSeconds == 0)
    try await weights.move(to: places.host, options: .quiet(mode: mode))
    let again = try await weights.move(to: places.devices[1], options: .quiet(verify: true))
    #expect(again.hostStorage == .pinned && again.hostPinningFailure == nil)
    #expect(again.hostPinnedBytes == model.layout.byteCount)
    #expect(try await weights.checksums() == model.checksums)
    #expect(places.backends[0].count(of: .registration) > calls)
  }

  @Test("beyond the budget is not made, before any memory is")
  func budget() async throws {
    let model = try TestModel()
    let limit = model.layout.imageByteCount - 1
    let budget = PinnedBudget(.bytes(limit))
    let places = try TestPlaces(able: true, pins: HostPins(budget: budget))
    do {
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      let report = try await weights.move(to: places.devices[0], options: .quiet())
      #expect(report.hostStorage == .mapped)
      let told = ByteCount.spelled(limit + 1, limit, 0)[1]
      #expect(report.hostPinningFailure?.message.contains("budget of \(told)") == true)
      places.mover.trim()
      #expect(places.host.bytesInUse == 0 && budget.bytesUsed == 0)
      let file = try ZeroFile(count: 1, size: 100, perSegment: 1)
      let small = ResidentWeights(try WeightImage(mapping: file.layout), mover: places.mover)
      #expect(
        try await small.move(to: places.devices[0], options: .quiet()).hostStorage == .pinned)
      #expect(budget.bytesUsed > 0)
    }
    #expect(budget.bytesUsed == 0)
    try places.expectNothingLeft()
  }

  @Test("for which the host has no memory is not made")
  func hostMemory() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    places.hostBackend.fail(.allocation, number: 1)
    // The context asks once more after it has made room.
    places.hostBackend.fail(.allocation, number: 2)
    let report = try await weights.move(to: places.devices[0], options: .quiet())
    #expect(report.hostStorage == .mapped && report.hostPinningFailure?.code == .outOfMemory)
    #expect(try await weights.checksums() == model.checksums)
  }

  @Test("is given up when the move fails or damages a byte", arguments: [true, false])
  func failures(isMapped: Bool) async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    do {
      let image = isMapped ? try model.mapped() : try model.pageable(places.host)
      let weights = ResidentWeights(image, mover: places.mover)
      places.backends[0].flipByte(3, ofUpload: 2)
      await #expect(throws: ResidencyError.self) {
        try await weights.move(to: places.devices[0], options: .quiet(verify: true))
      }
      places.mover.trim()
      #expect(places.backends[0].registeredBytes == 0)
      for call in [DeviceCall.commitment, .upload, .checksum] {
        let failures = try await MoveFailureTests.failEach(
          call, of: places.backends[0], weights, model, places, to: places.devices[0],
          options: .quiet(verify: true))
        #expect(failures > 0)
        try await weights.move(to: places.host, options: .quiet())
      }
    }
    try places.expectNothingLeft()
  }
}
