import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

/// Regions of a host image that are registered while others are copied; where the time of a move goes.
@Suite("Registering beside copying", .serialized)
struct PinningOverlapTests {
  private static let regionCount = 8
  private static let delay = Duration.milliseconds(40)
  private static let delays = 0.04 * Double(regionCount)

  /// Eight regions of one chunk each; one thread registers.
  private func setUp() throws -> (TestPlaces, ZeroFile, ResidentWeights) {
    let places = try TestPlaces(
      chunk: 65_536, readerCount: 1, chunkCount: 4, maximumAllocation: 65_536, able: true)
    let file = try ZeroFile(count: Self.regionCount, size: 65_536, perSegment: 1)
    let weights = ResidentWeights(try WeightImage(mapping: file.layout), mover: places.mover)
    return (places, file, weights)
  }

  @Test("a slow driver is seen in the time for pinning alone, once")
  func pinning() async throws {
    let (places, _, weights) = try setUp()
    places.backends[0].delay(.registration, by: Self.delay)
    let first = try await weights.move(to: places.devices[0], options: .quiet())
    #expect(places.backends[0].count(of: .registration) == Self.regionCount)
    #expect(first.pinningSeconds >= Self.delays)
    #expect(first.copySeconds < Self.delays && first.allocationSeconds < Self.delays)
    #expect(first.seconds >= Self.delays)
    for target in [places.host, places.devices[0], places.host, places.devices[0]] {
      let report = try await weights.move(to: target, options: .quiet())
      #expect(report.pinningSeconds == 0 && report.overlapSeconds == 0)
      #expect(report.hostPinnedBytes == weights.layout.byteCount)
    }
    #expect(places.backends[0].count(of: .registration) == Self.regionCount)
  }

  @Test("slow copies are seen in the time for copies alone")
  func copies() async throws {
    let (places, _, weights) = try setUp()
    places.backends[0].delay(.upload, by: Self.delay)
    let first = try await weights.move(to: places.devices[0], options: .quiet())
    #expect(first.copySeconds >= Self.delays * 0.9)
    #expect(first.allocationSeconds < Self.delays)
    let park = try await weights.move(to: places.host, options: .quiet())
    #expect(park.copySeconds < Self.delays && park.bytes == 0)
    let second = try await weights.move(to: places.devices[0], options: .quiet())
    #expect(second.copySeconds >= Self.delays && second.pinningSeconds == 0)
  }

  @Test("slow device memory is seen in the time for allocation alone")
  func allocation() async throws {
    let (places, _, weights) = try setUp()
    places.backends[0].delay(.commitment, by: Self.delay)
    let report = try await weights.move(to: places.devices[0], options: .quiet())
    #expect(report.allocationSeconds >= Self.delays)
    #expect(report.copySeconds < Self.delays && report.pinningSeconds < Self.delays)
  }

  @Test("both go on at the same time, and the parts add up")
  func overlap() async throws {
    let (places, _, weights) = try setUp()
    places.backends[0].delay(.registration, by: Self.delay)
    places.backends[0].delay(.upload, by: Self.delay)
    let report = try await weights.move(to: places.devices[0], options: .quiet(verify: true))
    #expect(report.pinningSeconds >= Self.delays)
    #expect(report.copySeconds >= Self.delays * 0.5)
    let sum = report.allocationSeconds + report.pinningSeconds + report.copySeconds
    #expect(report.overlapSeconds > 0.25 * Self.delays)
    #expect(report.seconds < sum - 0.2 * Self.delays)
    #expect(sum - report.overlapSeconds <= report.seconds)
  }

  @Test("a download begins before all of its memory is registered")
  func download() async throws {
    let (places, _, weights) = try setUp()
    try await weights.move(to: places.devices[0], options: .quiet(keepingHostCopy: false))
    places.mover.trim()
    places.backends[0].delay(.registration, by: Self.delay)
    places.backends[0].delay(.download, by: Self.delay)
    let report = try await weights.move(to: places.host, options: .quiet(verify: true))
    #expect(report.hostStorage == .pinned && report.pinningSeconds >= Self.delays)
    #expect(report.overlapSeconds > 0.25 * Self.delays)
    #expect(report.seconds < report.pinningSeconds + report.copySeconds - 0.2 * Self.delays)
  }

  @Test("memory that the host refuses ends the image there", arguments: [1, 4, 8])
  func hostMemory(number: Int) async throws {
    let (places, file, weights) = try setUp()
    // The context asks once more after it has made room.
    places.hostBackend.fail(.allocation, number: number)
    places.hostBackend.fail(.allocation, number: number + 1)
    let report = try await weights.move(to: places.devices[0], options: .quiet(verify: true))
    #expect(report.hostPinningFailure?.code == .outOfMemory && report.hostStorage == .mapped)
    #expect(report.hostPinnedBytes == (number - 1) * 65_536)
    #expect(places.host.bytesInUse >= report.hostPinnedBytes)
    let registered = places.backends[0].registeredBytes
    try await weights.move(to: places.host, options: .quiet(verify: true))
    let again = try await weights.move(to: places.devices[0], options: .quiet(verify: true))
    #expect(again.hostStorage == .pinned && again.hostPinningFailure == nil)
    #expect(places.backends[0].registeredBytes >= registered)
    withExtendedLifetime(file) {}
  }

  @Test("a download whose memory is refused arrives by way of the ring", arguments: [1, 4, 8])
  func refusedDownload(number: Int) async throws {
    let places = try TestPlaces(chunk: 3000, readerCount: 1, chunkCount: 3, able: true)
    let model = try TestModel(scrambled: true)
    do {
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      try await weights.move(to: places.devices[0], options: .quiet(keepingHostCopy: false))
      places.backends[0].fail(.registration, number: number, repeatedly: true)
      let report = try await weights.move(to: places.host, options: .quiet(verify: true))
      places.backends[0].clearFaults()
      #expect(report.hostStorage == (number == 1 ? .pageable : .pinned))
      #expect((report.hostPinningFailure == nil) == (number > 1))
      #expect(try await model.matches(weights))
    }
    try places.expectNothingLeft()
  }

  @Test("what is registered stays where it is beside a device with other slabs")
  func otherSlabs() async throws {
    let places = try TestPlaces(
      chunk: 1000, readerCount: 1, chunkCount: 3, maximumAllocation: 40_960, able: true)
    let model = try TestModel()
    let roomy = try DeviceContext(
      FaultInjectingBackend(SimulatedBackend(.opencl(9)), pinning: TestPinning()))
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    places.backends[0].fail(.registration, number: 3, repeatedly: true)
    let first = try await weights.move(to: places.devices[0], options: .quiet())
    places.backends[0].clearFaults()
    #expect(first.hostPinnedBytes > 0 && first.hostStorage == .mapped)
    let second = try await weights.move(to: roomy, options: .quiet())
    #expect(second.hostStorage == .pinned)
    #expect(try await model.matches(weights))
    #expect(try await weights.checksums() == model.checksums)
    try await weights.move(to: places.host, options: .quiet())
    #expect(try await weights.checksums() == model.checksums)
  }

  @Test("registered in small pieces it is the same, and no copy goes across two")
  func pieces() async throws {
    for chunk in [1000, 4096, 10_000, 100_000] {
      let places = try TestPlaces(
        chunk: chunk, maximumAllocation: 40_960, able: true, pins: HostPins(pieceByteCount: 8192))
      let model = try TestModel(scrambled: true)
      do {
        for image in [try model.mapped(), try model.pageable(places.host)] {
          let weights = ResidentWeights(image, mover: places.mover)
          for target in [places.devices[0], places.host, places.devices[1], places.host] {
            let report = try await weights.move(to: target, options: .quiet(verify: true))
            #expect(report.hostStorage == .pinned)
            #expect(try await weights.checksums() == model.checksums)
          }
          try await weights.move(
            to: places.devices[0], options: .quiet(keepingHostCopy: false, verify: true))
          try await weights.move(to: places.host, options: .quiet(verify: true))
          #expect(try await model.matches(weights))
        }
      }
      try places.expectNothingLeft()
    }
  }

  @Test("two copies of a model that move at the same time register it once")
  func together() async throws {
    let places = try TestPlaces(able: true)
    let model = try TestModel()
    for _ in 0..<20 {
      let weights = ResidentWeights(try model.pageable(places.host), mover: places.mover)
      let copy = try await weights.copy()
      async let first = weights.move(to: places.devices[0], options: .quiet())
      async let second = copy.move(to: places.devices[1], options: .quiet())
      for report in [try await first, try await second] {
        #expect(report.hostPinningFailure == nil && report.hostStorage == .pinned)
      }
      #expect(try await copy.checksums() == model.checksums)
    }
    try places.expectNothingLeft()
  }
}
