import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Synchronization
import Testing

@Suite("Steps and moves at once")
struct ConcurrencyTests {
  @Test("every step sees whole weights in one place, whatever moves")
  func many() async throws {
    let places = try TestPlaces()
    let model = try TestModel(.nestedAndTied)
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let targets = [places.host] + places.devices
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for step in 0..<10 {
            try await weights.move(
              to: targets[(worker + step) % 3],
              options: .quiet(
                keepingHostCopy: step % 2 == 0, mode: step % 3 == 0 ? .retain : .release))
          }
        }
        group.addTask {
          for _ in 0..<10 {
            let seen = try await weights.seen()
            #expect(seen.checksums == model.checksums)
          }
        }
      }
      try await group.waitForAll()
    }
    try await weights.move(to: places.host, options: .quiet())
    for device in places.devices { device.trim() }
    #expect(places.devices.map(\.bytesInUse) == [0, 0])
    #expect(places.backends.map(\.liveBytes) == [0, 0])
  }

  @Test("models that swap devices in opposite directions, with states, do not block each other")
  func opposite() async throws {
    let places = try TestPlaces()
    let model = try TestModel(.int8)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for start in 0..<4 {
        group.addTask {
          let weights = ResidentWeights(try model.mapped(), mover: places.mover)
          let state = try TestState(places.host, byteCount: 512)
          weights.attach(state)
          for step in 0..<6 {
            try await weights.move(
              to: places.devices[(start + step) % 2], options: .quiet(keepingHostCopy: false))
            #expect(try state.isIntact())
          }
          #expect(try await weights.checksums() == model.checksums)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("a model that must be downloaded and one that is uploaded pass each other")
  func swap() async throws {
    let places = try TestPlaces()
    let (dirty, clean) = (try TestModel(), try TestModel(.int8))
    let leaving = ResidentWeights(try dirty.mapped(), mover: places.mover)
    try await leaving.move(to: places.devices[0], options: .quiet(keepingHostCopy: false))
    let coming = ResidentWeights(try clean.mapped(), mover: places.mover)
    let (isLeaving, isComing) = (Flag(), Flag())
    // Each goes on only once the other is on its way.
    async let download = leaving.move(to: places.host, options: .quiet()) { _ in
      isLeaving.raise()
      isComing.block()
    }
    async let upload = coming.move(to: places.devices[0], options: .quiet()) { _ in
      isComing.raise()
      isLeaving.block()
    }
    #expect(try await download.bytes == dirty.layout.byteCount)
    #expect(try await upload.bytes == clean.layout.byteCount)
    #expect(try await leaving.checksums() == dirty.checksums)
    #expect(try await coming.checksums() == clean.checksums)
  }

  @Test("a move that does not want to wait for a step is told that the model is busy")
  func busy() async throws {
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    let (began, go) = (Flag(), Flag())
    let step = Task {
      try await weights.withStep { _ in
        began.raise()
        go.block()
      }
    }
    try await began.wait()
    let error = await #expect(throws: ResidencyError.self) {
      try await weights.move(to: places.devices[0], options: .quiet(waiting: false))
    }
    #expect(error?.code == .busy)
    let waiting = Task { try await weights.move(to: places.devices[0], options: .quiet()) }
    let cancelled = Task { try await weights.move(to: places.devices[1], options: .quiet()) }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    #expect(weights.device == .cpu)
    go.raise()
    try await step.value
    #expect(try await waiting.value.to == .opencl(7))
    try await weights.move(to: places.host, options: .quiet(waiting: false))
  }

  @Test("a step that waits for a segment can be cancelled, and others run where the move ends")
  func stepWaits() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let (began, go) = (Flag(), Flag())
    let move = Task {
      try await weights.move(to: places.devices[0], options: .quiet()) { _ in
        began.raise()
        go.block()
      }
    }
    try await began.wait()
    let cancelled = Task { try await weights.seen() }
    let step = Task { try await weights.seen() }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    go.raise()
    _ = try await move.value
    #expect(
      try await step.value == SeenWeights(device: .opencl(7), checksums: model.checksums))
  }

  @Test("a step that throws lets others through")
  func throwing() async throws {
    struct Failure: Error {}
    let places = try TestPlaces()
    let weights = ResidentWeights(try TestModel().mapped(), mover: places.mover)
    await #expect(throws: Failure.self) { try await weights.withStep { _ in throw Failure() } }
    try await weights.move(to: places.devices[0], options: .quiet(waiting: false))
  }
}
