import Ferry
import FerryCUDA
import FerryDevices
import FerryDriverDouble
import Testing

extension OnTheDouble {
  /// Devices that are lost or full, and recordings that fail.
  @Suite struct CUDAFailureTests {
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
