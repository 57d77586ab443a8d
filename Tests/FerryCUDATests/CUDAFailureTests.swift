import Ferry
import FerryCUDA
import FerryDevices
import FerryDriverDouble
import FerryResidency
import Testing

extension OnTheDouble {
  /// Every call of the driver may fail: the model then is where it was, usable, and nothing leaks.
  @Suite struct CUDAFailureTests {
    /// An error that breaks nothing: no memory where memory is asked for, else one nobody knows.
    private static func code(of entry: DriverEntryPoint) -> Int32 {
      switch entry {
      case .memAlloc, .memCreate, .memMap, .memAddressReserve, .memHostRegister: 2
      default: 999
      }
    }

    /// What a model does on the way to a device and back.
    enum Errand: String, Sendable, CaseIterable {
      case open, step, park, cross

      /// Where the model is before.
      var start: Device { self == .open ? .cpu : .cuda(0) }

      /// Brings the model there; all but the first find the devices open.
      func prepare(_ model: Model, _ engine: Engine) async throws {
        guard self != .open else { return }
        for index in 0...1 { _ = try engine.context(for: .cuda(index)) }
        try await model.to(start, options: MoveOptions(keepingHostCopy: false))
      }

      func run(_ model: Model, _ tokens: [Int]) async throws {
        switch self {
        case .open: try await model.to(.cuda(0), options: MoveOptions(verify: true))
        case .step: _ = try await model.logits(tokens: tokens)
        case .park:
          try await model.to(.cpu, options: MoveOptions(keepingHostCopy: false, verify: true))
        case .cross: try await model.to(.cuda(1), options: MoveOptions(keepingHostCopy: false))
        }
      }
    }

    @Test(arguments: Errand.allCases)
    func everyCallMayFail(_ errand: Errand) async throws {
      let folder = try TinyModelFolder()
      var calls: [DriverEntryPoint: Int] = [:]
      try await OnTheDouble.run { calls = try await run(errand, folder, failing: nil) }
      #expect(!calls.isEmpty)
      for (entry, count) in calls {
        for number in Set([1, count]) {
          try await OnTheDouble.run {
            _ = try await run(errand, folder, failing: (entry, number))
          }
        }
      }
    }

    /// Runs an errand of which one call fails, then again; returns the calls that it made, but for those
    /// that give something back.
    private func run(
      _ errand: Errand, _ folder: TinyModelFolder,
      failing failure: (entry: DriverEntryPoint, number: Int)?
    ) async throws -> [DriverEntryPoint: Int] {
      let engine = try CUDAMoveTests.engine()
      let model = try await engine.load(folder.path("plain"), needsTokenizer: false)
      let expected = try await model.logits(tokens: folder.tokens)
      let checksums = try await model.weights.checksums()
      try await errand.prepare(model, engine)
      let before = Self.calls
      if let failure {
        DriverDouble.change {
          $0.fail(failure.entry, at: failure.number, with: Self.code(of: failure.entry))
        }
      }
      do {
        try await errand.run(model, folder.tokens)
      } catch {
        let call = failure.map { "call \($0.number) of \($0.entry)" } ?? "nothing"
        #expect(error is DeviceError || error is ResidencyError, "\(call): \(error)")
        #expect(model.device == errand.start, "\(call)")
      }
      let calls = Self.calls.merging(before) { $0 - $1 }.filter { $0.value > 0 }
      DriverDouble.change { $0.forgetFailures() }
      #expect(try await model.weights.checksums() == checksums)
      #expect(difference(try await model.logits(tokens: folder.tokens), expected) < 1e-3)
      try await errand.run(model, folder.tokens)
      try await model.to(.cpu)
      #expect(try await model.weights.checksums() == checksums)
      return calls
    }

    /// How often each entry point was called so far.
    private static var calls: [DriverEntryPoint: Int] {
      // A driver that cannot even make a context current gives nothing back either.
      let entries = DriverDouble.calledEntries.filter { !$0.gives && $0 != .ctxPushCurrent }
      return Dictionary(uniqueKeysWithValues: entries.map { ($0, DriverDouble.calls(of: $0)) })
    }

    @Test(arguments: [Int32(700), 719, 214])
    func aLostDeviceLeavesTheHostCopyAndTheOtherDevice(_ code: Int32) async throws {
      let expected: DeviceError.Code = code == 214 ? .memoryFault : .deviceLost
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let model = try await CUDAMoveTests.engine().load(
          folder.path("plain"), needsTokenizer: false)
        let logits = try await model.logits(tokens: folder.tokens)
        try await model.to(.cuda(0))
        DriverDouble.change { $0.failWork(on: 0, at: 5, with: code) }
        let error = await #expect(throws: DeviceError.self) {
          _ = try await model.logits(tokens: folder.tokens)
        }
        #expect(error?.code == expected)
        let again = await #expect(throws: DeviceError.self) {
          _ = try await model.logits(tokens: folder.tokens)
        }
        #expect(again?.code == expected)
        try await model.to(.cpu)
        #expect(try await model.logits(tokens: folder.tokens) == logits)
        try await model.to(.cuda(1))
        #expect(difference(try await model.logits(tokens: folder.tokens), logits) < 1e-3)
        try await model.to(.cpu)
      }
    }

    @Test func aFullDeviceRefusesAndLaterTakes() async throws {
      let folder = try TinyModelFolder()
      var device = DoubleConfiguration(memory: 64 << 20)
      device.memoryOfOthers = 32 << 20
      try await OnTheDouble.run(DoubleMachine([device])) {
        let model = try await CUDAMoveTests.engine().load(
          folder.path("plain"), needsTokenizer: false)
        let error = await #expect(throws: DeviceError.self) { try await model.to(.cuda(0)) }
        #expect(error?.code == .outOfMemory)
        #expect(model.device == .cpu)
        DriverDouble.change { $0.setMemoryOfOthers(0, on: 0) }
        try await model.to(.cuda(0))
        try await model.to(.cpu)
      }
    }

    @Test(arguments: [DriverEntryPoint.streamBeginCapture, .streamEndCapture, .graphInstantiate])
    func aFailedRecordingLeavesTheStreamUsable(_ entry: DriverEntryPoint) throws {
      try OnTheDouble.run {
        let context = try DeviceContext(DoubleDevices.first())
        let memory = try context.allocate(byteCount: 16)
        let recording = try #require(context.compute.recording)
        DriverDouble.change { $0.fail(entry, with: 999) }
        #expect(throws: DeviceError.self) {
          try recording.beginRecording()
          try context.compute.fill(memory.view, with: 1)
          _ = try recording.endRecording()
        }
        try recording.beginRecording()
        try context.compute.fill(memory.view, with: 2)
        let graph = try recording.endRecording()
        try recording.launch(graph)
        try context.compute.synchronize()
      }
    }
  }
}
