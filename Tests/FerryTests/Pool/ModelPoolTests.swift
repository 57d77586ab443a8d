import Ferry
import FerryDeviceTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct ModelPoolTests {
  /// A writer and a finder on one device, and what each makes without a pool.
  private final class Setup {
    let folder: TestFolder
    let engine = Engine(backends: TestDevices.backends)
    let device: Device
    let writer: Model
    let finder: Model
    let tokens: [Int]
    let texts: [String]

    init(on device: Device) async throws {
      folder = try TestFolder()
      self.device = device
      tokens = try TinyModel.write(to: folder("writer")).tokens
      texts = try TinyEncoder.write(to: folder("finder")).texts
      writer = try await engine.load(folder("writer"))
      finder = try await engine.load(folder("finder"))
    }

    /// A pool of both in pages of 4 KiB.
    func pool(
      _ budget: MemoryAmount, options: ModelPool.Options = ModelPool.Options(pageByteCount: 4096)
    ) async throws -> ModelPool {
      let pool = try ModelPool(engine, on: device, budget: budget, options: options)
      try await pool.register("writer", writer)
      try await pool.register("finder", folder("finder"))
      return pool
    }

    /// Uses all of both models, one after the other: a load that nobody uses may be left for another one.
    func use(_ names: String..., in pool: ModelPool) async throws {
      for name in names {
        if name == "writer" {
          _ = try await pool.withModel(name) { try await $0.logits(tokens: tokens) }
        } else {
          _ = try await pool.withModel(name) { try await $0.embed(texts) }
        }
      }
    }

    /// The bytes of the device that contexts hold, once what was released is given back.
    func bytesHeld() throws -> Int {
      let context = try engine.context(for: device)
      try context.drain()
      context.trim()
      return context.bytesInUse
    }

    /// A budget of so many percent of what both take.
    func budget(percent: Int) async throws -> MemoryAmount {
      let whole = try await pool(.share(0.5)).residency().reduce(0) { $0 + $1.byteCount }
      return .bytes(whole * percent / 100)
    }
  }

  @Test(arguments: TestDevices.available)
  func modelsDoInAPoolWhatTheyDoAlone(_ device: Device) async throws {
    let setup = try await Setup(on: device)
    let before = try setup.bytesHeld()
    let options = GenerationOptions(maximumTokens: 6, usesChatTemplate: false)
    let (alone, found) = (
      try await setup.engine.load(setup.folder("writer"), on: device),
      try await setup.engine.load(setup.folder("finder"), on: device)
    )
    let text = try await alone.generate("ferry", options: options)
    let logits = try await alone.logits(tokens: setup.tokens)
    let vectors = try await found.embed(setup.texts).vectors
    try await alone.to(.cpu)
    try await found.to(.cpu)
    #expect(try setup.bytesHeld() == before)
    let pool = try await setup.pool(setup.budget(percent: 75))
    for _ in 0..<3 {
      let again = try await pool.withModel("writer") {
        (
          try await $0.generate("ferry", options: options),
          try await $0.logits(tokens: setup.tokens)
        )
      }
      #expect(again.0.tokens == text.tokens && again.0.text == text.text && again.1 == logits)
      let embedded = try await pool.withModel("finder") { try await $0.embed(setup.texts) }
      #expect(embedded.vectors == vectors)
      let used = await pool.bytesUsed
      #expect(used > 0 && used <= pool.budget)
      // On the host lie the buffers of copies, too.
      let held = try setup.bytesHeld() - before
      #expect(held == used || device == .cpu && held > used)
    }
    for name in ["writer", "finder"] { try await pool.unload(name) }
    #expect(await pool.residency().isEmpty)
    #expect(try setup.bytesHeld() == before)
  }

  @Test func aSwitchEvictsNoMoreThanIsLacking() async throws {
    let setup = try await Setup(on: .cpu)
    let pool = try await setup.pool(setup.budget(percent: 90))
    let sizes = await pool.residency()
    let page = 64 << 10
    try await setup.use("writer", "finder", in: pool)
    let after = await pool.residency()
    let lacking = sizes.reduce(0) { $0 + $1.byteCount } - pool.budget
    #expect(after[0].residentBytes == after[0].byteCount)
    #expect(after[1].byteCount - after[1].residentBytes >= lacking)
    #expect(after[1].byteCount - after[1].residentBytes < lacking + page)
  }

  @Test func aModelInAPoolIsMovedByThePoolAlone() async throws {
    let setup = try await Setup(on: .cpu)
    let pool = try await setup.pool(.share(0.5))
    let outside = try await pool.withModel("writer") { model in
      await #expect {
        try await model.to(.opencl(0))
      } throws: { error in
        guard let error = error as? FerryError else { return false }
        return error.code == .pooled && error.message.contains("'writer' is in a pool")
      }
      let logits = try await model.copy().logits(tokens: setup.tokens)
      #expect(logits.count == model.vocabularySize)
      return model
    }
    try await pool.park("writer")
    #expect(await pool.bytesUsed == 0)
    await #expect {
      _ = try await outside.logits(tokens: setup.tokens)
    } throws: { error in
      (error as? ResidencyError)?.code == .absent && "\(error)".contains("withModel")
    }
    // What was loaded outside is free.
    try await setup.writer.to(.cpu)
    let logits = try await setup.writer.logits(tokens: setup.tokens)
    #expect(logits.count == outside.vocabularySize)
  }

  @Test func poolsOfSeveralDevicesShareOneHostImage() async throws {
    let setup = try await Setup(on: .cpu)
    let expected = try await setup.writer.logits(tokens: setup.tokens)
    let host = try setup.engine.context(for: .cpu)
    var pools: [ModelPool] = []
    for device in TestDevices.available {
      let pool = try ModelPool(setup.engine, on: device, budget: .share(0.5))
      try await pool.register("writer", setup.writer)
      pools.append(pool)
    }
    let held = host.bytesInUse
    for pool in pools {
      let logits = try await pool.withModel("writer") { try await $0.logits(tokens: setup.tokens) }
      #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-3 }, "\(pool.device)")
      try await pool.unload("writer")
    }
    try host.drain()
    host.trim()
    #expect(host.bytesInUse <= held)
  }

  @Test func whatHappensIsTold() async throws {
    let setup = try await Setup(on: .cpu)
    let pool = try await setup.pool(setup.budget(percent: 75))
    let events = pool.events()
    let reader = Task {
      var seen: [ModelPool.Event] = []
      for await event in events {
        seen.append(event)
        if case .evicted(_, for: nil) = event.kind { break }
      }
      return seen
    }
    try await pool.prefetch("finder")
    try await setup.use("finder", "writer", in: pool)
    try await pool.park("writer")
    let seen = await reader.value
    let loads = seen.compactMap { event -> String? in
      guard case .loaded(let bytes, let first, let fraction, true) = event.kind else { return nil }
      // What the link could do was measured, and the load is told as a part of that.
      #expect(bytes > 0 && event.seconds > 0 && (fraction ?? 0) > 0)
      #expect((first ?? -1) >= 0 && (first ?? .infinity) <= event.seconds)
      return event.model
    }
    #expect(loads == ["finder", "writer"])
    #expect(
      seen.contains {
        if case .evicted(_, for: "writer") = $0.kind { $0.model == "finder" } else { false }
      })
    #expect(seen.filter { $0.kind == .leased }.map(\.model) == ["finder", "writer"])
  }

  @Test func aPinnedModelStays() async throws {
    let setup = try await Setup(on: .cpu)
    let pool = try await setup.pool(setup.budget(percent: 60))
    try await pool.pin("writer")
    try await setup.use("writer", in: pool)
    await #expect {
      try await pool.withModel("finder") { _ in }
    } throws: { ($0 as? ResidencyError)?.code == .noRoom }
    try await pool.pin("writer", false)
    try await pool.withModel("finder") { _ in }
  }

  @Test func anEnlargerIsLentAsOne() async throws {
    let setup = try await Setup(on: .cpu)
    let tiny = try TinyWorkflow()
    let pool = try ModelPool(setup.engine, on: .cpu, budget: .share(0.5))
    try await pool.register("enlarger", tiny.folder("enlarger.safetensors"))
    try await pool.register("writer", setup.writer)
    let alone = try await setup.engine.loadUpscaler(tiny.folder("enlarger.safetensors"))
    try await pool.register("second", alone)
    let image = Image(width: 8, height: 8, channels: 1, samples: Array(0..<64))
    let expected = try await alone.upscale(image).image
    for name in ["enlarger", "second"] {
      let larger = try await pool.withUpscaler(name) { try await $0.upscale(image).image }
      #expect(larger == expected)
    }
    await #expect {
      try await pool.withUpscaler("second") { try await $0.to(.opencl(0)) }
    } throws: { ($0 as? FerryError)?.code == .pooled }
    for (name, word) in [("enlarger", "withUpscaler"), ("writer", "withModel")] {
      await #expect {
        if name == "writer" {
          try await pool.withUpscaler(name) { _ in }
        } else {
          try await pool.withModel(name) { _ in }
        }
      } throws: {
        ($0 as? FerryError)?.code == .badArgument && "\($0)".contains(word)
      }
    }
  }

  @Test func whatCannotBeDoneIsTold() async throws {
    let setup = try await Setup(on: .cpu)
    let pool = try await setup.pool(.share(0.5))
    await #expect { try await pool.withModel("painter") { _ in } } throws: {
      ($0 as? ResidencyError)?.code == .unknownModel
    }
    await #expect { try await pool.register("writer", setup.writer) } throws: {
      ($0 as? ResidencyError)?.code == .nameTaken
    }
    await #expect(throws: (any Error).self) {
      try await pool.register("none", setup.folder("none"))
    }
    await #expect(throws: ResidencyError.self) { try await pool.declare(["writer", "none"]) }
    #expect(throws: FerryError.self) {
      try ModelPool(setup.engine, on: .cpu, budget: .share(0.5), headRoom: .max)
    }
    #expect(throws: DeviceError.self) { try ModelPool(setup.engine, on: .cuda(77)) }
  }

  @Test(.enabled(if: TestDevices.absence == nil, "needs a second device"))
  func aModelWithoutAHostCopyComesBackFirst() async throws {
    let setup = try await Setup(on: try TestDevices.accelerator().device)
    try await setup.writer.to(setup.device, options: MoveOptions(keepingHostCopy: false))
    let pool = try ModelPool(setup.engine, on: setup.device)
    await #expect { try await pool.register("writer", setup.writer) } throws: {
      ($0 as? FerryError)?.code == .noHostCopy
    }
    try await setup.writer.to(.cpu)
    try await pool.register("writer", setup.writer)
    let logits = try await pool.withModel("writer") { try await $0.logits(tokens: [1]) }
    #expect(logits.count == 96)
  }
}
