import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("A move")
struct MoveTests {
  @Test(
    "carries every byte there and back, from files and from memory",
    arguments: TestModel.Kind.allCases, [true, false])
  func thereAndBack(kind: TestModel.Kind, scrambled: Bool) async throws {
    let places = try TestPlaces()
    let model = try TestModel(kind, scrambled: scrambled)
    for image in [try model.mapped(), try model.pageable(places.host)] {
      let weights = ResidentWeights(image, mover: places.mover)
      for keeping in [true, false] {
        let up = try await weights.move(
          to: places.devices[0], options: .quiet(keepingHostCopy: keeping))
        #expect(up.bytes == model.layout.byteCount)
        #expect(weights.device == .opencl(7))
        #expect(try await weights.checksums() == model.checksums)
        #expect(try await model.matches(weights))
        let down = try await weights.move(to: places.host, options: .quiet())
        #expect(down.bytes == (keeping ? 0 : model.layout.byteCount))
        #expect(weights.device == .cpu)
        #expect(try await weights.checksums() == model.checksums)
        #expect(try await model.matches(weights))
        #expect(places.devices[0].bytesInUse == 0)
      }
    }
    try places.expectNothingLeft()
  }

  @Test("accounts for what it takes and gives back", arguments: [true, false])
  func accounts(freesInOrder: Bool) async throws {
    let places = try TestPlaces(freesInOrder: freesInOrder)
    let model = try TestModel()
    let other = try places.devices[0].allocate(byteCount: 12_345)
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let up = try await weights.move(to: places.devices[0], options: .quiet())
    #expect((up.from, up.to) == (.cpu, .opencl(7)))
    #expect(up.target.bytesBefore == 12_345)
    #expect(up.target.bytesAfter == 12_345 + model.layout.imageByteCount)
    #expect((up.source.bytesBefore, up.source.bytesAfter) == (0, 0))
    #expect(up.hostStorage == .mapped && up.hostCopyFailure == nil && up.seconds > 0)
    let dropped = try await weights.move(
      to: places.devices[1], options: .quiet(keepingHostCopy: false))
    #expect(dropped.source.bytesAfter == 12_345)
    #expect(dropped.hostStorage == nil)
    let down = try await weights.move(to: places.host, options: .quiet())
    #expect(down.source.bytesAfter == 0)
    #expect(down.target.bytesAfter == model.layout.imageByteCount)
    #expect(down.hostStorage == .pageable)
    withExtendedLifetime(other) {}
  }

  @Test("to where the weights are does nothing and succeeds")
  func noMove() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let stay = try await weights.move(to: places.host)
    #expect((stay.bytes, stay.from, stay.to) == (0, .cpu, .cpu))
    try await weights.move(to: places.devices[0], options: .quiet())
    let uploads = places.backends[0].count(of: .upload)
    let again = try await weights.move(
      to: places.devices[0], options: .quiet(keepingHostCopy: false))
    #expect((again.bytes, again.hostStorage) == (0, .mapped))
    #expect(places.backends[0].count(of: .upload) == uploads)
  }

  @Test("from a device with a host copy copies nothing")
  func freePark() async throws {
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().pageable(places.host), mover: places.mover)
    try await weights.move(to: places.devices[0], options: .quiet())
    let down = try await weights.move(to: places.host, options: .quiet())
    #expect((down.bytes, down.gbPerSecond, down.linkFraction) == (0, 0, nil))
    #expect(places.backends[0].count(of: .download) == 0)
  }

  @Test("between devices uploads the host copy once, or stages what only the device has")
  func betweenDevices() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.pageable(places.host), mover: places.mover)
    try await weights.move(to: places.devices[0], options: .quiet())
    try await weights.move(to: places.devices[1], options: .quiet(keepingHostCopy: false))
    #expect(places.backends[0].count(of: .download) == 0)
    #expect(places.devices[0].bytesInUse == 0)
    #expect(places.host.bytesInUse == 0)
    let back = try await weights.move(to: places.devices[0], options: .quiet(verify: true))
    #expect(places.backends[1].count(of: .download) > 0)
    #expect(back.bytes == model.layout.byteCount && back.hostStorage == nil)
    #expect(places.host.bytesInUse == 0 && places.devices[1].bytesInUse == 0)
    #expect(try await weights.checksums() == model.checksums)
    #expect(back.checksum == ResidentWeights.combined(model.checksums))
  }

  @Test("in retain mode leaves its memory with the context, and takes it from there again")
  func retain() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try await weights.move(to: places.devices[0], options: .quiet())
    let allocations = places.backends[0].count(of: .allocation)
    for _ in 0..<3 {
      let down = try await weights.move(to: places.host, options: .quiet(mode: .retain))
      // Retained memory counts as used: other processes cannot have it.
      #expect(down.source.bytesAfter == model.layout.imageByteCount)
      #expect(places.devices[0].bytesInUse == 0)
      #expect(places.devices[0].bytesRetained == model.layout.imageByteCount)
      try await weights.move(to: places.devices[0], options: .quiet())
      #expect(places.devices[0].bytesRetained == 0)
      #expect(places.backends[0].count(of: .allocation) == allocations)
      #expect(try await weights.checksums() == model.checksums)
    }
    try await weights.move(to: places.host, options: .quiet())
    try places.expectNothingLeft()
  }

  @Test("reports progress that never falls and ends complete", arguments: TestModel.Kind.allCases)
  func progress(kind: TestModel.Kind) async throws {
    let places = try TestPlaces()
    let model = try TestModel(kind)
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    for target in [places.devices[0], places.devices[1], places.host] {
      let log = ProgressLog()
      try await weights.move(to: target, options: .quiet(verify: true)) { log.append($0) }
      for phase in [MoveProgress.Phase.copying, .verifying] {
        let values = log.values.filter { $0.phase == phase }
        #expect(
          zip(values, values.dropFirst()).allSatisfy { $0.completedBytes <= $1.completedBytes })
        #expect(values.allSatisfy { $0.completedBytes <= $0.totalBytes })
        #expect(values.last?.fraction == 1 || kind == .empty)
      }
    }
  }

  @Test("measures the raw rate of a link once, and reports the copies as a part of it")
  func linkFraction() async throws {
    let places = try TestPlaces(chunk: 1 << 20)
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    let up = try await weights.move(to: places.devices[0])
    #expect(try #require(up.linkFraction) > 0)
    try await weights.move(to: places.host)
    let uploads = places.backends[0].count(of: .upload)
    try await weights.move(to: places.devices[0])
    #expect(places.backends[0].count(of: .upload) == uploads + 1)
    #expect(places.host.bytesInUse == 0)
  }
}
