import FerryDeviceTesting
import FerryDevices
import FerryTensors
import Glibc
import Testing

@testable import FerryResidency

@Suite("Steps on weights that are arriving", .timeLimit(.minutes(10)))
struct ArrivalTests {
  @Test(
    "compute with each segment as soon as it has come",
    arguments: MoveStart.allCases, [false, true])
  func early(start: MoveStart, able: Bool) async throws {
    let places = try TestPlaces(able: able)
    let model = try TestModel()
    let weights = try await start.weights(model, places)
    let isOpen = Flag()
    let reached = Shared(0)
    let ends = model.layout.segments.indices.map { last in
      model.layout.segments[...last].reduce(0) { $0 + $1.byteCount }
    }
    let move = Task {
      try await weights.move(to: places.devices[1], options: .quiet()) { progress in
        // The copies stop here until a step has used what has come.
        let there = ends.prefix { $0 <= progress.completedBytes }.count
        while reached.change({ $0 }) < there { usleep(200) }
      } started: {
        isOpen.raise()
      }
    }
    try await isOpen.wait()
    #expect(weights.context === places.devices[1])
    let seen = try await weights.seen(reached: { segment in reached.change { $0 = segment + 1 } })
    #expect(seen == SeenWeights(device: places.devices[1].device, checksums: model.checksums))
    #expect(try await move.value.to == places.devices[1].device)
  }

  @Test("take about as long as the longer of upload and compute, not as both")
  func overlap() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    places.backends[0].copyDelay = .milliseconds(2)
    var shares: [Double] = []
    // A machine that is busy elsewhere may spoil one of them.
    for _ in 0..<5 where (shares.max() ?? 0) < 0.5 {
      let weights = ResidentWeights(try model.pageable(places.host), mover: places.mover)
      shares.append(try await Self.hiddenShare(weights, to: places.devices[0]))
    }
    #expect((shares.max() ?? 0) >= 0.5, "\(shares)")
  }

  /// How much of the shorter of upload and compute is hidden behind the longer, all in threads of their own.
  private static func hiddenShare(_ weights: ResidentWeights, to device: DeviceContext) async throws
    -> Double
  {
    let (isOpen, hasBegun) = (Flag(), Flag())
    let times = Shared((start: ContinuousClock.now, upload: Duration.zero, compute: Duration.zero))
    async let move = weights.move(to: device, options: .quiet()) { _ in
      times.change { $0.upload = .now - $0.start }
    } started: {
      isOpen.raise()
      hasBegun.block()
      times.change { $0.start = .now }
    }
    try await isOpen.wait()
    let all = try await weights.withStep { [layout = weights.layout] step in
      hasBegun.raise()
      for segment in layout.segments.indices {
        _ = try step.acquire(segment: segment)
        let start = ContinuousClock.now
        usleep(10_000)
        times.change { $0.compute += .now - start }
      }
      return times.change { .now - $0.start }
    }
    _ = try await move
    return times.change { ($0.upload + $0.compute - all) / min($0.upload, $0.compute) }
  }

  @Test(
    "run again where the weights stayed, whichever call fails",
    arguments: [DeviceCall.upload, .checksum], MoveStart.allCases)
  func failure(call: DeviceCall, start: MoveStart) async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = try await start.weights(model, places)
    let origin = weights.device
    let before = places.devices.map(\.bytesInUse)
    var failures = 0
    for number in 1...100 {
      let (isOpen, hasBegun) = (Flag(), Flag())
      async let seen = Self.step(on: weights, after: isOpen) { hasBegun.raise() }
      places.backends[1].fail(call, number: number)
      let move = await Task {
        try await weights.move(
          to: places.devices[1], options: .quiet(verify: true),
          started: {
            isOpen.raise()
            hasBegun.block()
          })
      }.result
      places.backends[1].clearFaults()
      let device = try await seen.device
      #expect(try await seen.checksums == model.checksums)
      guard case .failure(let error) = move else {
        // The step counts among the calls of a device.
        #expect(device == places.devices[1].device)
        break
      }
      #expect(error is DeviceError)
      failures += 1
      #expect(device == origin && weights.device == origin)
      #expect(places.devices.map(\.bytesInUse) == before, "\(call) \(number)")
    }
    #expect(failures > 5)
  }

  @Test(
    "run again where the weights stayed when the move is cancelled", arguments: MoveStart.allCases)
  func cancelledMove(start: MoveStart) async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = try await start.weights(model, places)
    let origin = weights.device
    let before = places.devices.map(\.bytesInUse)
    var cancellations = 0
    for number in 1...100 {
      let (isOpen, hasBegun) = (Flag(), Flag())
      let (log, handle) = (ProgressLog(), TaskHandle())
      async let seen = Self.step(on: weights, after: isOpen) { hasBegun.raise() }
      let move = Task {
        try await weights.move(to: places.devices[1], options: .quiet(verify: true)) { progress in
          log.append(progress)
          if log.values.count == number { handle.cancel() }
        } started: {
          isOpen.raise()
          hasBegun.block()
        }
      }
      handle.set { move.cancel() }
      let result = await move.result
      let found = try await seen
      #expect(found.checksums == model.checksums)
      guard case .failure(let error) = result else { break }
      #expect(error is CancellationError)
      cancellations += 1
      #expect(found.device == origin && weights.device == origin)
      #expect(places.devices.map(\.bytesInUse) == before)
    }
    #expect(cancellations > 5)
  }

  @Test("that fail themselves say why once the weights are there, and nothing where those stayed")
  func failingStep() async throws {
    struct Refused: Error {}
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    for fails in [true, false] {
      let (isOpen, hasBegun) = (Flag(), Flag())
      let tries = Shared(0)
      let step = Task {
        try await isOpen.wait()
        return try await weights.seen(began: { hasBegun.raise() }) { _ in
          let isFirst = tries.change { tries in
            tries += 1
            return tries == 1
          }
          if isFirst { throw Refused() }
        }
      }
      if fails { places.backends[0].fail(.upload, number: 5) }
      let move = await Task {
        try await weights.move(
          to: places.devices[0], options: .quiet(),
          started: {
            isOpen.raise()
            hasBegun.block()
          })
      }.result
      if fails {
        #expect(throws: DeviceError.self) { _ = try move.get() }
        #expect(try await step.value == SeenWeights(device: .cpu, checksums: model.checksums))
      } else {
        _ = try move.get()
        await #expect(throws: Refused.self) { try await step.value }
      }
    }
  }

  @Test("keep readers and other moves waiting, not each other")
  func others() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let (isOpen, go, isRead) = (Flag(), Flag(), Flag())
    async let move = weights.move(to: places.devices[0], options: .quiet()) { _ in
      go.block()
    } started: {
      isOpen.raise()
    }
    try await isOpen.wait()
    let error = await #expect(throws: ResidencyError.self) {
      try await weights.move(to: places.devices[1], options: .quiet(waiting: false))
    }
    #expect(error?.code == .busy)
    async let steps = (weights.seen(), weights.seen())
    // What needs no weight is told before they are there.
    #expect(try await weights.withStep { $0.context.device } == places.devices[0].device)
    let reading = Task {
      defer { isRead.raise() }
      return try await weights.checksums()
    }
    try await Task.sleep(for: .milliseconds(5))
    #expect(!isRead.isSet)
    go.raise()
    #expect(try await reading.value == model.checksums)
    for seen in try await [steps.0, steps.1] { #expect(seen.checksums == model.checksums) }
    #expect(try await move.to == places.devices[0].device)
  }

  @Test("wait for the whole move where states are to be dropped, or weights travel decoded")
  func late() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    for strategy in [MoveStrategy.direct, .requantize(TestTranscoding())] {
      let weights = ResidentWeights(try model.mapped(), mover: places.mover)
      let log = ProgressLog()
      let wasOpen = Flag()
      try await weights.move(
        to: places.devices[0], strategy: strategy, options: .quiet(states: .drop)
      ) { progress in
        if wasOpen.isSet { log.append(progress) }
      } started: {
        wasOpen.raise()
      }
      #expect(log.values == [] && wasOpen.isSet)
    }
  }

  /// A step that begins when the weights are arriving.
  private static func step(
    on weights: ResidentWeights, after flag: Flag, began: @escaping @Sendable () -> Void
  ) async throws -> SeenWeights {
    try await flag.wait()
    return try await weights.seen(began: began)
  }
}
