import Ferry
import FerryDeviceTesting
import Testing

/// Conversations with models that share a device.
@Suite(.timeLimit(.minutes(10))) struct PooledSessionTests {
  private static let prompts = ["A ferry", " crosses", " the strait"]
  private static let plain = GenerationOptions(maximumTokens: 5, usesChatTemplate: false)

  private let folder: TestFolder
  private let engine = Engine(backends: TestDevices.backends)

  init() throws {
    folder = try TestFolder()
    try TinyModel.writeChatting(to: folder("writer"))
    _ = try TinyEncoder.write(to: folder("finder"))
  }

  /// Two writers and a finder, of which the larger one alone fits.
  private func pool(on device: Device) async throws -> ModelPool {
    func pool(_ budget: MemoryAmount) async throws -> ModelPool {
      let pool = try ModelPool(
        engine, on: device, budget: budget, options: ModelPool.Options(pageByteCount: 4096))
      for name in ["one", "two"] { try await pool.register(name, folder("writer")) }
      try await pool.register("finder", folder("finder"))
      return pool
    }
    let sizes = try await pool(.share(0.5)).residency().map(\.byteCount)
    return try await pool(.bytes(sizes.max() ?? 0))
  }

  /// The answers of a session outside of a pool.
  private func answers(on device: Device) async throws -> [String] {
    let model = try await engine.load(folder("writer"), on: device)
    let session = try model.openSession(options: Self.plain)
    var answers: [String] = []
    for prompt in Self.prompts { answers.append(try await session.generate(prompt).text) }
    return answers
  }

  @Test(
    "go on when their models come back, with caches that left the device meanwhile",
    arguments: TestDevices.available)
  func takeTurns(_ device: Device) async throws {
    let expected = try await answers(on: device)
    let context = try engine.context(for: device)
    try context.drain()
    context.trim()
    let before = context.bytesInUse
    let pool = try await pool(on: device)
    let events = pool.events()
    var sessions: [ModelSession] = []
    for name in ["one", "two", "one"] {
      sessions.append(try await pool.openSession(name, options: Self.plain))
    }
    for (turn, prompt) in Self.prompts.enumerated() {
      for session in sessions {
        let known = session.tokenCount
        let generation = try await session.generate(prompt)
        #expect(generation.text == expected[turn] && generation.reusedTokenCount == known)
      }
      _ = try await pool.withModel("finder") { try await $0.embed([prompt]) }
    }
    for name in ["one", "two", "finder"] { try await pool.unload(name) }
    try context.drain()
    context.trim()
    // What is a device here holds nothing; where it is the host, the caches are still there.
    #expect(context.bytesInUse == before || device == .cpu)
    var written: [String: Int] = [:]
    for await event in events {
      if case .wroteBack(let bytes) = event.kind { written[event.model, default: 0] += bytes }
      // Only the finder is there at the end.
      if case .evicted(_, for: nil) = event.kind { break }
    }
    // On the host there is nowhere else to go.
    #expect(written.keys.sorted() == (device == .cpu ? [] : ["one", "two"]))
    for session in sessions { session.close() }
    try context.drain()
    context.trim()
    #expect(context.bytesInUse <= before || device == .cpu)
  }

  @Test("of several tasks go on beside each other")
  func concurrently() async throws {
    let expected = try await answers(on: .cpu)
    let pool = try await pool(on: .cpu)
    let all = try await withThrowingTaskGroup(of: [String].self) { group in
      for name in ["one", "two", "one", "two"] {
        group.addTask {
          let session = try await pool.openSession(name, options: Self.plain)
          var answers: [String] = []
          for prompt in Self.prompts { answers.append(try await session.generate(prompt).text) }
          return answers
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all == Array(repeating: expected, count: 4))
  }

  @Test("opened inside a lease outlive it")
  func outliveALease() async throws {
    let expected = try await answers(on: .cpu)
    let pool = try await pool(on: .cpu)
    let session = try await pool.withModel("one") { try $0.openSession(options: Self.plain) }
    for (prompt, answer) in zip(Self.prompts, expected) {
      #expect(try await session.generate(prompt).text == answer)
      try await pool.park("one")
      #expect(await pool.bytesUsed == 0)
    }
  }

  @Test("end with their model")
  func endWithTheModel() async throws {
    let pool = try await pool(on: .cpu)
    let session = try await pool.openSession("one", options: Self.plain)
    _ = try await session.generate("A")
    try await pool.unload("one")
    for isReplaced in [false, true] {
      if isReplaced { try await pool.register("one", folder("writer")) }
      let error = await #expect(throws: ResidencyError.self) { try await session.generate("B") }
      #expect(error?.code == .unknownModel)
    }
    #expect(session.turns.count == 1)
    let next = try await pool.openSession("one", options: Self.plain)
    _ = try await next.generate("A")
  }

  @Test("are for language models that are there")
  func refusals() async throws {
    let pool = try await pool(on: .cpu)
    let error = await #expect(throws: ResidencyError.self) { try await pool.openSession("painter") }
    #expect(error?.code == .unknownModel)
    await #expect(throws: (any Error).self) { try await pool.openSession("finder") }
  }
}
