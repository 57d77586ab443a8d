import Ferry
import FerryDeviceTesting
import Synchronization
import Testing

/// Conversations whose cache stays between turns.
@Suite(.timeLimit(.minutes(10))) struct ModelSessionTests {
  private static let prompts = ["A ferry", " crosses", " the strait"]
  private static let plain = GenerationOptions(maximumTokens: 5, usesChatTemplate: false)

  private let folder: TestFolder
  private let engine = Engine(backends: TestDevices.backends)

  init() throws {
    folder = try TestFolder()
    try TinyModel.writeChatting(to: folder("writer"))
  }

  /// The answers to all prompts where each turn computes the whole text.
  private func answers(of model: Model) async throws -> [String] {
    var (text, answers) = ("", [String]())
    for prompt in Self.prompts {
      let answer = try await model.generate(text + prompt, options: Self.plain).text
      answers.append(answer)
      text += prompt + answer
    }
    return answers
  }

  @Test(
    "turns make what the whole text makes, and compute what is new",
    arguments: TestDevices.available)
  func turnsGoOn(_ device: Device) async throws {
    let model = try await engine.load(folder("writer"), on: device)
    let expected = try await answers(of: model)
    let session = try model.openSession(options: Self.plain)
    #expect(session.tokenCount == 0 && session.byteCount == 0)
    var computed = 0
    for (prompt, answer) in zip(Self.prompts, expected) {
      let generation = try await session.generate(prompt)
      #expect(generation.text == answer && generation.tokens.count == 5)
      #expect(generation.reusedTokenCount == computed)
      // The last token of an answer is chosen, and computed with the next turn.
      computed = generation.promptTokenCount + 4
      #expect(session.tokenCount == computed && session.byteCount > 0)
    }
    #expect(session.turns.map(\.prompt) == Self.prompts)
    #expect(session.turns.map(\.answer) == expected)
  }

  @Test(
    "chats are written in the model's template, and what two turns have in common is computed once")
  func chats() async throws {
    let model = try await engine.load(folder("writer"))
    let session = try model.openSession(
      system: "be brief", options: GenerationOptions(maximumTokens: 4))
    let first = try await session.generate("one")
    let head =
      "<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\none<|im_end|>\n<|im_start|>assistant\n"
    let alone = try await model.generate(head, options: Self.plain)
    #expect(first.tokens == Array(alone.tokens.prefix(4)))
    #expect(first.promptTokenCount == alone.promptTokenCount && first.reusedTokenCount == 0)
    let second = try await session.generate("two", options: GenerationOptions(maximumTokens: 5))
    let whole =
      head + first.text + "<|im_end|>\n<|im_start|>user\ntwo<|im_end|>\n<|im_start|>assistant\n"
    let again = try await model.generate(whole, options: Self.plain)
    #expect(second.tokens == again.tokens && second.promptTokenCount == again.promptTokenCount)
    // Tokens of an answer that are written otherwise are no part of what is in common.
    #expect(second.reusedTokenCount >= first.promptTokenCount)
  }

  @Test(
    "a cache follows its model to the device and back",
    .enabled(if: TestDevices.absence == nil, "a second device"))
  func followsTheModel() async throws {
    let device = try TestDevices.accelerator().device
    let model = try await engine.load(folder("writer"))
    let expected = try await answers(of: model)
    let session = try model.openSession(options: Self.plain)
    for (prompt, answer) in zip(Self.prompts, expected) {
      #expect(try await session.generate(prompt).text == answer)
      try await model.to(model.device == .cpu ? device : .cpu)
    }
  }

  @Test(
    "a cache that was given up is a typed error, until the session reads its text again",
    .enabled(if: TestDevices.absence == nil, "a second device"))
  func droppedCache() async throws {
    let device = try TestDevices.accelerator().device
    let model = try await engine.load(folder("writer"))
    let expected = try await answers(of: model)
    let session = try model.openSession(options: Self.plain)
    _ = try await session.generate(Self.prompts[0])
    try await model.to(device, options: MoveOptions(states: .drop))
    for _ in 0..<2 {
      let error = await #expect(throws: FerryError.self) {
        try await session.generate(Self.prompts[1])
      }
      #expect(error?.code == .cacheDropped)
    }
    #expect(session.turns.count == 1)
    try session.reread()
    let generation = try await session.generate(Self.prompts[1])
    #expect(generation.text == expected[1] && generation.reusedTokenCount == 0)
    try await model.to(.cpu)
  }

  @Test("a turn that is cancelled is no part of the conversation, and costs the next one nothing")
  func cancelledTurn() async throws {
    let model = try await engine.load(folder("writer"))
    let expected = try await answers(of: model)
    let session = try model.openSession(options: Self.plain)
    _ = try await session.generate(Self.prompts[0])
    let computed = session.tokenCount
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await session.generate(Self.prompts[1])
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(session.turns.count == 1)
    let generation = try await session.generate(Self.prompts[1])
    #expect(generation.text == expected[1] && generation.reusedTokenCount == computed)
  }

  @Test(
    "a session that is closed, or forgotten, gives everything back",
    arguments: TestDevices.available)
  func givesBack(_ device: Device) async throws {
    let model = try await engine.load(folder("writer"), on: device)
    _ = try await model.generate("A", options: Self.plain)
    let context = try engine.context(for: device)
    func held() throws -> Int {
      try context.drain()
      return context.bytesInUse
    }
    let before = try held()
    for closes in [true, false] {
      var session: ModelSession? = try model.openSession(options: Self.plain)
      _ = try await session?.generate("A ferry")
      #expect(try held() > before)
      if closes {
        session?.close()
        #expect(session?.byteCount == 0)
        let error = await #expect(throws: FerryError.self) { try await session?.generate("more") }
        #expect(error?.code == .closed)
      } else {
        session = nil
      }
      #expect(try held() == before)
    }
  }

  @Test("what a session cannot do is told")
  func refusals() async throws {
    let model = try await engine.load(folder("writer"))
    #expect(throws: FerryError.self) {
      try model.openSession(system: "be brief", options: Self.plain)
    }
    _ = try TinyModel.write(to: folder("plain"))
    let plain = try await engine.load(folder("plain"))
    #expect(throws: (any Error).self) { try plain.openSession() }
    _ = try TinyEncoder.write(to: folder("finder"))
    let finder = try await engine.load(folder("finder"))
    #expect(throws: (any Error).self) { try finder.openSession(options: Self.plain) }
    let session = try model.openSession(options: Self.plain)
    let refused = Mutex<FerryError.Code?>(nil)
    _ = try await session.generate("A") { _ in
      do { try session.reread() } catch { refused.withLock { $0 = (error as? FerryError)?.code } }
    }
    #expect(refused.withLock { $0 } == .busy)
  }
}
