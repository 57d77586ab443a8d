import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

/// Where a move begins.
enum MoveStart: CaseIterable, Sendable {
  case files, memory, device, deviceWithCopy

  func weights(_ model: TestModel, _ places: TestPlaces) async throws -> ResidentWeights {
    let image = self == .files ? try model.mapped() : try model.pageable(places.host)
    let weights = ResidentWeights(image, mover: places.mover)
    switch self {
    case .files, .memory: break
    case .device, .deviceWithCopy:
      try await weights.move(
        to: places.devices[0], options: .quiet(keepingHostCopy: self == .deviceWithCopy))
    }
    return weights
  }
}

@Suite("A move that fails")
struct MoveFailureTests {
  /// Makes the first, second, … call of a kind fail until a move gets through, and checks after
  /// every failure that nothing has changed.
  static func failEach(
    _ call: DeviceCall, of backend: FaultInjectingBackend, _ weights: ResidentWeights,
    _ model: TestModel, _ places: TestPlaces, to target: DeviceContext, options: MoveOptions
  ) async throws -> Int {
    let origin = weights.context
    let contexts = [places.host] + places.devices
    // A context asks for memory again after it has made room.
    let isMemory = [.allocation, .reservation, .commitment].contains(call)
    for number in 1...100 {
      places.mover.trim()
      let before = contexts.map(\.bytesInUse)
      let retained = contexts.map(\.bytesRetained)
      let addresses = places.backends.map(\.liveReservations)
      let registered = places.backends.map(\.registeredBytes)
      backend.fail(call, number: number, repeatedly: isMemory)
      do {
        try await weights.move(to: target, options: options)
        backend.clearFaults()
        return number - 1
      } catch {
        #expect(error is DeviceError, "\(error)")
      }
      backend.clearFaults()
      places.mover.trim()
      #expect(weights.context === origin)
      #expect(contexts.map(\.bytesInUse) == before, "\(call) \(number)")
      #expect(places.backends.map(\.liveReservations) == addresses, "\(call) \(number)")
      #expect(places.backends.map(\.registeredBytes) == registered, "\(call) \(number)")
      #expect(isMemory || contexts.map(\.bytesRetained) == retained)
      #expect(try await weights.checksums() == model.checksums)
    }
    Issue.record("the move never got through")
    return 100
  }

  @Test(
    "leaves everything as it was: every allocation, upload, download and checksum",
    arguments: MoveStart.allCases, [true, false])
  func everyCall(start: MoveStart, freesInOrder: Bool) async throws {
    for call in [DeviceCall.allocation, .upload, .download, .checksum] {
      for side in ["host", "source", "target"] {
        let places = try TestPlaces(maximumAllocation: 40_960, freesInOrder: freesInOrder)
        let model = try TestModel()
        let weights = try await start.weights(model, places)
        let backend =
          switch side {
          case "host": places.hostBackend
          case "source": places.backends[0]
          default: places.backends[1]
          }
        let failures = try await Self.failEach(
          call, of: backend, weights, model, places, to: places.devices[1],
          options: .quiet(verify: true))
        if side == "target" && call != .download { #expect(failures > 0) }
        #expect(weights.context === places.devices[1])
        #expect(try await model.matches(weights))
      }
    }
  }

  @Test("leaves everything as it was on the way to the host", arguments: DeviceCall.allCases)
  func toHost(call: DeviceCall) async throws {
    for isHost in [true, false] {
      let places = try TestPlaces(maximumAllocation: 40_960)
      let model = try TestModel()
      let weights = try await MoveStart.device.weights(model, places)
      let backend = isHost ? places.hostBackend : places.backends[0]
      let failures = try await Self.failEach(
        call, of: backend, weights, model, places, to: places.host, options: .quiet())
      #expect(failures > 0 || !(call == .download && !isHost || call == .allocation && isHost))
      #expect(try await model.matches(weights))
    }
  }

  @Test("keeps retained memory retained")
  func retained() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    try await weights.move(to: places.devices[0], options: .quiet())
    try await weights.move(to: places.host, options: .quiet(mode: .retain))
    let failures = try await Self.failEach(
      .upload, of: places.backends[0], weights, model, places, to: places.devices[0],
      options: .quiet())
    #expect(failures > 0)
    #expect(places.devices[0].bytesInUse == model.layout.imageByteCount)
  }

  @Test("for want of memory names the need and the remedy")
  func noRoom() async throws {
    let host = try DeviceContext(HostBackend())
    let model = try TestModel()
    let backend = FaultInjectingBackend(
      SimulatedBackend(.opencl(3)), memoryLimit: model.layout.imageByteCount - 1)
    let weights = ResidentWeights(try model.mapped(), mover: Mover(host: host))
    let error = await #expect(throws: DeviceError.self) {
      try await weights.move(to: DeviceContext(backend), options: .quiet())
    }
    #expect(error?.code == .outOfMemory)
    #expect(error?.message.contains("\(ByteCount(bytes: model.layout.imageByteCount))") == true)
    #expect(error?.message.contains("move another model away") == true)
    #expect(backend.liveBytes == 0)
  }

  @Test("for a weight larger than any allocation names it")
  func tooLarge() async throws {
    let places = try TestPlaces(maximumAllocation: 10_000)
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let error = await #expect(throws: DeviceError.self) {
      try await weights.move(to: places.devices[0], options: .quiet())
    }
    #expect(error?.code == .allocationTooLarge)
    #expect(error?.message.contains("layers.0.up") == true, "\(String(describing: error))")
    #expect(places.backends[0].count(of: .allocation) == 0)
  }

  @Test("cancelled at any chunk leaves everything as it was", arguments: MoveStart.allCases)
  func cancelled(start: MoveStart) async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = try await start.weights(model, places)
    let origin = weights.context
    let before = places.devices.map(\.bytesInUse)
    var cancellations = 0
    for number in 1...100 {
      let (log, handle) = (ProgressLog(), TaskHandle())
      let task = Task {
        try await weights.move(to: places.devices[1], options: .quiet(verify: true)) { progress in
          log.append(progress)
          if log.values.count == number { handle.cancel() }
        }
      }
      handle.set { task.cancel() }
      let result = await task.result
      guard case .failure(let error) = result else { break }
      #expect(error is CancellationError)
      cancellations += 1
      #expect(weights.context === origin)
      #expect(places.devices.map(\.bytesInUse) == before)
      #expect(try await weights.checksums() == model.checksums)
    }
    #expect(cancellations > 5)
  }
}
