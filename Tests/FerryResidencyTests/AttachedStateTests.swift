import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("Attached states")
struct AttachedStateTests {
  @Test("move with the weights, and the bytes copied for them are counted")
  func follow() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let states = try (1...3).map {
      try TestState(places.host, byteCount: $0 * 1000, filled: $0 * 700)
    }
    for state in states { weights.attach(state) }
    for target in [places.devices[0], places.devices[1], places.host] {
      let report = try await weights.move(to: target, options: .quiet())
      #expect(report.bytes == (target === places.host ? 0 : model.layout.byteCount) + 4200)
      for state in states {
        #expect(state.context === target)
        #expect(try state.isIntact())
      }
    }
    withExtendedLifetime(states) {
      #expect(places.devices.map(\.bytesInUse) == [0, 0])
      #expect(places.host.bytesInUse == 6000)
    }
  }

  @Test("are dropped on request, after the move has succeeded and not before")
  func dropped() async throws {
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    let state = try TestState(places.host, byteCount: 100)
    weights.attach(state)
    places.backends[0].fail(.upload)
    await #expect(throws: DeviceError.self) {
      try await weights.move(to: places.devices[0], options: .quiet(states: .drop))
    }
    #expect(!state.isDropped)
    try await weights.move(to: places.devices[0], options: .quiet(states: .drop))
    #expect(state.isDropped && places.host.bytesInUse == 0)
  }

  @Test("that cannot be copied fail the move, which leaves everything as it was")
  func refusing() async throws {
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    let states = try (0..<2).map { _ in try TestState(places.host, byteCount: 100) }
    for state in states { weights.attach(state) }
    states[1].refuses = true
    await #expect(throws: TestState.Refused.self) {
      try await weights.move(to: places.devices[0], options: .quiet())
    }
    #expect(places.devices[0].bytesInUse == 0)
    #expect(states.allSatisfy { $0.context === places.host })
  }

  @Test("stay behind intact when the weights' copy fails")
  func failure() async throws {
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    let state = try TestState(places.host, byteCount: 100)
    weights.attach(state)
    places.backends[0].fail(.upload, number: 3)
    await #expect(throws: DeviceError.self) {
      try await weights.move(to: places.devices[0], options: .quiet())
    }
    #expect(state.context === places.host)
    #expect(try state.isIntact())
    #expect(places.devices[0].bytesInUse == 0)
  }

  @Test("are held weakly")
  func weakly() async throws {
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    var state: TestState? = try TestState(places.host, byteCount: 100)
    if let state { weights.attach(state) }
    state = nil
    #expect(places.host.bytesInUse == 0)
    try await weights.move(to: places.devices[0], options: .quiet())
    withExtendedLifetime(state) {}
  }

  @Test("attached while a move runs move too")
  func attachedMeanwhile() async throws {
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    let state = try TestState(places.host, byteCount: 100)
    let log = ProgressLog()
    try await weights.move(to: places.devices[0], options: .quiet()) { progress in
      log.append(progress)
      if log.values.count == 2 { weights.attach(state) }
    }
    #expect(state.context === places.devices[0])
    #expect(try state.isIntact())
  }
}
