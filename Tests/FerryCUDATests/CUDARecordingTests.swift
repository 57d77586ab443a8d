import FerryCUDA
import FerryDeviceTesting
import FerryDevices
import FerryDriverDouble
import Testing

extension OnTheDouble {
  /// What a stream does while it records.
  @Suite struct CUDARecordingTests {
    @Test func recordedWorkRunsWhenItsGraphIsLaunched() throws {
      try Self.withRecording { context, memory, recording in
        try context.compute.fill(memory.view, with: 1)
        try recording.beginRecording()
        try context.compute.fill(memory.view, with: 2)
        let event = try context.compute.record()
        try event.wait()
        #expect(event.hasPassed)
        try context.compute.synchronize()
        #expect(try TestBytes.read(memory.view, in: context).allSatisfy { $0 == 1 })
        let graph = try recording.endRecording()
        #expect(try TestBytes.read(memory.view, in: context).allSatisfy { $0 == 1 })
        for byte: UInt8 in [3, 4] {
          try context.compute.fill(memory.view, with: byte)
          try recording.launch(graph)
          try context.compute.synchronize()
          #expect(try TestBytes.read(memory.view, in: context).allSatisfy { $0 == 2 })
        }
      }
    }

    @Test func whatWaitsForTheHostSpoilsARecording() throws {
      try Self.withRecording { context, memory, recording in
        var bytes = [UInt8](repeating: 7, count: memory.byteCount)
        try recording.beginRecording()
        let copying = #expect(throws: DeviceError.self) {
          try bytes.withUnsafeMutableBytes { try context.compute.download(memory.view, to: $0) }
        }
        #expect(copying?.message.contains("recorded") == true)
        #expect(throws: DeviceError.self) { _ = try context.compute.checksum([memory.view]) }
        let ending = #expect(throws: DeviceError.self) { _ = try recording.endRecording() }
        #expect(ending?.message == copying?.message)
        try recording.beginRecording()
        try context.compute.fill(memory.view, with: 9)
        try recording.launch(try recording.endRecording())
        try context.compute.synchronize()
        #expect(try TestBytes.read(memory.view, in: context).allSatisfy { $0 == 9 })
      }
    }

    @Test func beginsAndEndsComeInPairs() throws {
      try Self.withRecording { _, _, recording in
        #expect(throws: DeviceError.self) { _ = try recording.endRecording() }
        try recording.beginRecording()
        #expect(throws: DeviceError.self) { try recording.beginRecording() }
        _ = try recording.endRecording()
      }
    }

    @Test func memoryComesAndGoesMeanwhile() throws {
      try Self.withRecording { context, memory, recording in
        try recording.beginRecording()
        try context.compute.fill(memory.view, with: 5)
        for _ in 0..<3 { _ = try context.allocate(byteCount: 4096) }
        try context.drain()
        try recording.launch(try recording.endRecording())
        try context.compute.synchronize()
        #expect(try TestBytes.read(memory.view, in: context).allSatisfy { $0 == 5 })
      }
    }

    @Test func aStreamThatEndsWhileItRecordsLeavesNothing() throws {
      try OnTheDouble.run {
        let stream = try DoubleDevices.first().makeStream()
        try #require(stream.recording).beginRecording()
      }
    }

    private static func withRecording(
      _ body: (DeviceContext, Allocation, any GraphRecording) throws -> Void
    ) throws {
      try OnTheDouble.run {
        let context = try DeviceContext(DoubleDevices.first())
        let memory = try context.allocate(byteCount: 4096)
        try body(context, memory, try #require(context.compute.recording))
      }
    }
  }
}
