import CDrivers
import Ferry
import FerryDevices
import FerryDriverDouble
import FerryFormats
import Foundation
import Testing

extension OnTheDouble {
  /// Pools on the double's devices: pages at addresses that stay, in memory that the driver maps.
  @Suite(.timeLimit(.minutes(10))) struct CUDAPoolTests {
    /// Models of three formats, and what each makes alone on the device.
    private struct Setup {
      let engine: Engine
      let folder: TinyModelFolder
      var models: [Model] = []
      var logits: [[Float]] = []
      var checksums: [[UInt64]] = []

      init(_ folder: TinyModelFolder, _ paths: [String]) async throws {
        self.folder = folder
        engine = try CUDAMoveTests.engine()
        for path in paths {
          let model = try await engine.load(path, needsTokenizer: false)
          checksums.append(try await model.weights.checksums())
          try await model.to(.cuda(0), options: MoveOptions(measuringLink: false))
          logits.append(try await model.logits(tokens: folder.tokens))
          try await model.to(.cpu, options: MoveOptions(measuringLink: false))
          models.append(model)
        }
      }

      /// A pool of all of them, in room for a part of what they take, or of what the largest does.
      func pool(
        on device: Device, part: Double, of whole: (([Int]) -> Int)
      ) async throws -> ModelPool {
        let options = ModelPool.Options(patience: 0.01, pageByteCount: 4096)
        let sizes = try await register(in: ModelPool(engine, on: device, options: options))
          .residency()
        let budget = Int(part * Double(whole(sizes.map(\.byteCount))))
        return try await register(
          in: ModelPool(
            engine, on: device, budget: .bytes(budget), options: options))
      }

      private func register(in pool: ModelPool) async throws -> ModelPool {
        for (number, model) in models.enumerated() { try await pool.register("\(number)", model) }
        return pool
      }

      /// The same answer and the same bytes, where they lie.
      func use(_ number: Int, in pool: ModelPool) async throws -> Bool {
        try await pool.withModel("\(number)") { model in
          let logits = try await model.logits(tokens: folder.tokens)
          let checksums = try await model.weights.checksums()
          return logits == self.logits[number] && checksums == self.checksums[number]
        }
      }
    }

    private static func paths(_ folder: TinyModelFolder) async throws -> [String] {
      var paths = [folder.path("plain")]
      for format in TinyModelFolder.formats { paths.append(try await folder.quantized(format)) }
      return paths
    }

    @Test func swapsChangeNothingAndTheDriverGetsAllBack() async throws {
      let folder = try TinyModelFolder()
      let paths = try await Self.paths(folder)
      try await OnTheDouble.run {
        let setup = try await Setup(folder, paths)
        let before = DriverDouble.census
        let pool = try await setup.pool(on: .cuda(0), part: 0.6) { $0.reduce(0, +) }
        for number in [0, 1, 2, 3, 0, 2, 1, 3, 0] {
          #expect(try await setup.use(number, in: pool), "\(number)")
          let used = await pool.bytesUsed
          #expect(used <= pool.budget)
        }
        for number in paths.indices { try await pool.unload("\(number)") }
        #expect(DriverDouble.census.bytes == before.bytes)
        #expect(DriverDouble.census.mappings == before.mappings)
      }
    }

    @Test func whatNeverFitsGoesThroughARing() async throws {
      let folder = try TinyModelFolder()
      try await OnTheDouble.run {
        let setup = try await Setup(folder, [folder.path("plain")])
        let before = DriverDouble.census.bytes
        // On the double pages take 2 MiB: all of them but one.
        let size = try await setup.pool(on: .cuda(0), part: 1) { $0.reduce(0, +) }
        let pages = try #require(await size.residency().first).byteCount
        let pool = try await setup.pool(on: .cuda(0), part: 0.99) { _ in pages }
        let events = pool.events()
        for _ in 0..<3 { #expect(try await setup.use(0, in: pool)) }
        #expect(await pool.bytesUsed <= pool.budget)
        for pool in [pool, size] { try await pool.unload("0") }
        var streamed = 0
        for await event in events {
          if case .streamed(let bytes, let waited) = event.kind, waited >= 0 { streamed += bytes }
          if case .evicted(_, for: nil) = event.kind { break }
        }
        #expect(streamed > 0)
        #expect(DriverDouble.census.bytes == before)
      }
    }

    /// Two pools share the host images of four models, while calls of the driver fail: what succeeds is right.
    @Test(arguments: 1...2) func everythingAtOnceWhileItFails(seed: UInt64) async throws {
      let folder = try TinyModelFolder()
      let paths = try await Self.paths(folder)
      let variable = ProcessInfo.processInfo.environment["FERRY_STRESS_SECONDS"]
      let seconds = (variable.flatMap(Double.init) ?? 4) / 2
      try await OnTheDouble.run {
        let setup = try await Setup(folder, paths)
        _ = try setup.engine.context(for: .cuda(1))
        let before = DriverDouble.census.bytes
        let pools = [
          try await setup.pool(on: .cuda(0), part: 0.6) { $0.reduce(0, +) },
          try await setup.pool(on: .cuda(1), part: 0.8) { $0.max() ?? 0 },
        ]
        let end = ContinuousClock.now + .seconds(seconds)
        let uses = try await withThrowingTaskGroup(of: [Bool].self) { group in
          for worker in 0..<4 {
            group.addTask {
              var random = DoubleRandom(state: seed &* 97 &+ UInt64(worker))
              var results: [Bool] = []
              while ContinuousClock.now < end || results.count < 5 {
                Self.breakSomething(&random)
                let number = Int.random(in: paths.indices, using: &random)
                do {
                  results.append(try await setup.use(number, in: pools[worker % 2]))
                } catch {
                  #expect(error is DeviceError || error is ResidencyError, "\(error)")
                }
              }
              return results
            }
          }
          return try await group.reduce([]) { $0 + $1 }
        }
        #expect(uses.count >= 20 && uses.allSatisfy { $0 })
        DriverDouble.change { $0.forgetFailures() }
        for pool in pools {
          for number in paths.indices { #expect(try await setup.use(number, in: pool)) }
          for number in paths.indices { try await pool.unload("\(number)") }
        }
        #expect(DriverDouble.census.bytes == before)
      }
    }

    /// One of the next calls that make memory, register it or copy to it fails.
    private static func breakSomething(_ random: inout DoubleRandom) {
      let calls: [DriverEntryPoint] = [.memCreate, .memMap, .memHostRegister, .memcpyHtoDAsync]
      guard let call = calls.randomElement(using: &random),
        Int.random(in: 0..<3, using: &random) == 0
      else { return }
      let number = Int.random(in: 1...4, using: &random)
      DriverDouble.change { $0.fail(call, at: number, with: call == .memCreate ? 2 : 999) }
    }
  }
}

/// A generator that gives the same numbers again: SplitMix64, from Vigna's public-domain reference.
private struct DoubleRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
