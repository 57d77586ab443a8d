import Ferry
import FerryCUDA
import FerryDevices
import FerryDriverDouble
import FerryFormats
import Testing

extension OnTheDouble {
  /// Models on the double's devices, through the public face.
  @Suite struct CUDAMoveTests {
    /// An engine over the host and the double's devices.
    static func engine() throws -> Engine {
      Engine(backends: [HostBackend()] + (try DoubleDevices.backends()))
    }

    @Test(arguments: TinyModelFolder.formats)
    func aModelComputesTheSameEverywhere(_ format: WeightFormat) async throws {
      let folder = try TinyModelFolder()
      let path = try await folder.quantized(format)
      try await OnTheDouble.run {
        let model = try await Self.engine().load(path, needsTokenizer: false)
        let logits = try await model.logits(tokens: folder.tokens)
        let tokens = try await greedyTokens(model, after: folder.tokens, count: 3)
        for device in [Device.cuda(0), .cuda(1)] {
          try await model.to(device)
          #expect(difference(try await model.logits(tokens: folder.tokens), logits) < 5e-3)
          #expect(try await greedyTokens(model, after: folder.tokens, count: 3) == tokens)
        }
        try await model.to(.cpu)
        #expect(try await model.logits(tokens: folder.tokens) == logits)
      }
    }

    @Test(arguments: TinyModelFolder.formats, [MoveOptions.Mode.release, .retain])
    func bytesNeverChangeAndTheDriverGetsAllBack(
      _ format: WeightFormat, _ mode: MoveOptions.Mode
    ) async throws {
      let folder = try TinyModelFolder()
      let path = try await folder.quantized(format)
      try await OnTheDouble.run {
        let engine = try Self.engine()
        let devices = [Device.cpu, .cuda(0), .cuda(1)]
        for device in devices { _ = try engine.context(for: device) }
        let before = DriverDouble.census.bytes
        let model = try await engine.load(path, needsTokenizer: false)
        let checksums = try await model.weights.checksums()
        var random = SystemRandomNumberGenerator()
        for step in 0..<20 {
          let options = MoveOptions(
            keepingHostCopy: Bool.random(using: &random), verify: Bool.random(using: &random),
            mode: mode)
          let target = try #require(devices.randomElement(using: &random))
          try await model.to(target, options: options)
          #expect(model.device == target)
          #expect(try await model.weights.checksums() == checksums, "step \(step): \(options)")
        }
        try await model.to(.cpu, options: MoveOptions(mode: mode))
        for device in devices {
          let context = try engine.context(for: device)
          try context.drain()
          context.trim()
        }
        #expect(DriverDouble.census.bytes == before)
      }
    }

    @Test func aParkedModelLeavesNothingByTheDriversOwnCount() async throws {
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let engine = try Self.engine()
        let backend = try engine.context(for: .cuda(0)).backend
        let model = try await engine.load(folder.path("plain"), needsTokenizer: false)
        let free = try #require(try backend.memory().free)
        try await model.to(.cuda(0))
        #expect(try #require(try backend.memory().free) < free)
        _ = try await model.logits(tokens: folder.tokens)
        try await model.to(.cpu)
        #expect(try backend.memory().free == free)
      }
    }

    @Test func aModelComesBackToTheAddressesItHad() async throws {
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let model = try await Self.engine().load(folder.path("plain"), needsTokenizer: false)
        let checksums = try await model.weights.checksums()
        var reservations: Set<Int> = []
        for _ in 0..<3 {
          try await model.to(.cuda(0), options: MoveOptions(verify: true))
          #expect(DriverDouble.census.mappings > 0)
          reservations.insert(DriverDouble.calls(of: .memAddressReserve))
          try await model.to(.cpu)
          #expect(DriverDouble.census.mappings == 0)
        }
        #expect(reservations.count == 1)
        #expect(try await model.weights.checksums() == checksums)
      }
    }

    @Test func aPinnedHostCopyIsGivenBack() async throws {
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let model = try await Self.engine().load(folder.path("plain"), needsTokenizer: false)
        let checksums = try await model.weights.checksums()
        try await model.to(.cuda(0), options: MoveOptions(hostCopy: .pinned, verify: true))
        #expect(DriverDouble.census.registrations > 0)
        #expect(try await model.weights.checksums() == checksums)
        try await model.to(.cpu, options: MoveOptions(verify: true))
        try await model.to(.cuda(1), options: MoveOptions(keepingHostCopy: false, verify: true))
        try await model.to(.cuda(0), options: MoveOptions(keepingHostCopy: false, verify: true))
        #expect(try await model.weights.checksums() == checksums)
      }
    }

    @Test func timesAreWhereTheDriverTakesThemAndPinningIsPaidOnce() async throws {
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let engine = try Self.engine()
        let weights = try await engine.loadWeights(folder.path("plain"))
        let options = MoveOptions(measuringLink: false)
        let delay = 0.2
        DriverDouble.change { $0.setDelay(delay, of: .memHostRegister) }
        let first = try await weights.move(to: .cuda(0), options: options)
        let registrations = DriverDouble.calls(of: .memHostRegister)
        #expect(registrations > 0 && first.pinningSeconds >= delay)
        #expect(first.copySeconds < delay && first.allocationSeconds < delay)
        let park = try await weights.move(to: .cpu, options: options)
        #expect(park.pinningSeconds == 0 && park.bytes == 0)
        DriverDouble.change {
          $0.setDelay(delay, of: .memCreate)
          $0.setCopyDelay(2 * delay, on: 0)
        }
        let second = try await weights.move(to: .cuda(0), options: options)
        #expect(second.allocationSeconds >= delay && second.allocationSeconds < 2 * delay)
        #expect(second.copySeconds >= 2 * delay && second.pinningSeconds == 0)
        try await weights.move(to: .cpu, options: options)
        #expect(DriverDouble.calls(of: .memHostRegister) == registrations)
      }
    }

    @Test func logitsArriveInRegisteredMemoryThatGoesWithTheSession() async throws {
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let engine = try Self.engine()
        let model = try await engine.load(folder.path("plain"), needsTokenizer: false)
        try await model.to(.cuda(0), options: MoveOptions(measuringLink: false))
        let (before, host) = (DriverDouble.census, try engine.context(for: .cpu))
        let (calls, bytes) = (DriverDouble.calls(of: .memHostRegister), host.bytesInUse)
        _ = try await model.logits(tokens: folder.tokens)
        #expect(DriverDouble.calls(of: .memHostRegister) == calls + 1)
        #expect(DriverDouble.census.registrations == before.registrations)
        #expect(host.bytesInUse == bytes)
      }
    }

    @Test func pageableMemoryDoesWhereTheSystemLocksNone() async throws {
      let folder = try TinyModelFolder()
      var machine = DoubleMachine()
      machine.registrable = 0
      try await OnTheDouble.run(machine) {
        let model = try await Self.engine().load(folder.path("plain"), needsTokenizer: false)
        let checksums = try await model.weights.checksums()
        try await model.to(.cuda(0), options: MoveOptions(keepingHostCopy: false, verify: true))
        try await model.to(.cpu, options: MoveOptions(verify: true))
        #expect(try await model.weights.checksums() == checksums)
      }
    }

    @Test(arguments: [MoveOptions.Mode.release, .retain])
    func addressesAndGraphsOutliveAPark(_ mode: MoveOptions.Mode) throws {
      try OnTheDouble.run {
        let context = try DeviceContext(DoubleDevices.first())
        let reservation = try #require(try context.reserve(byteCount: 5 << 20))
        let graph = try recordCopy(in: reservation, context)
        for byte in UInt8(1)...3 {
          try fillAndLaunch(graph, in: reservation, context, byte, retains: mode == .retain)
          try context.drain()
          #expect((DriverDouble.census.mappings == 0) == (mode == .release))
        }
      }
    }

    /// Records a copy of the first 8 bytes to the 8 from 4 MiB on, in memory that is gone afterwards.
    private func recordCopy(
      in reservation: AddressReservation, _ context: DeviceContext
    ) throws -> any DeviceGraph {
      let view = try context.allocate(in: reservation).view
      let recording = try #require(context.compute.recording)
      try recording.beginRecording()
      try context.compute.copy(view[0, count: 8], to: view[4 << 20, count: 8])
      return try recording.endRecording()
    }

    /// Runs the recorded copy on new memory behind the same addresses.
    private func fillAndLaunch(
      _ graph: any DeviceGraph, in reservation: AddressReservation,
      _ context: DeviceContext, _ byte: UInt8, retains: Bool
    ) throws {
      let allocation = try context.allocate(in: reservation)
      #expect(allocation.handle == reservation.handle)
      allocation.retains = retains
      try context.compute.fill(allocation.view[0, count: 8], with: byte)
      try #require(context.compute.recording).launch(graph)
      var bytes = [UInt8](repeating: 0, count: 8)
      try bytes.withUnsafeMutableBytes {
        try context.compute.download(allocation.view[4 << 20, count: 8], to: $0)
        try context.compute.synchronize()
      }
      #expect(bytes == [UInt8](repeating: byte, count: 8))
    }
  }
}
