import FerryDeviceTesting
import FerryDevices
import FerryModels
import FerryOperations
import FerryTensors
import Testing

@Suite struct GenerationTests {
  @Test func greedyTakesTheFirstOfEquals() {
    #expect(Session.greedy([0, 3, -1, 3]) == 1)
    #expect(Session.greedy([-2, -1]) == 1)
  }

  @Test func endsAtTheLimit() async throws {
    try await withSession { session in
      let (tokens, end) = try await generated(session, [1, 2], limit: 5)
      #expect(tokens.count == 5)
      #expect(end == .limit)
      // The last token is chosen but not read.
      #expect(session.position == 2 + 4)
    }
  }

  @Test func endsAtAnEndTokenWithoutEmittingIt() async throws {
    try await withSession { session in
      let (tokens, _) = try await generated(session, [1, 2], limit: 6)
      let last = try #require(tokens.last)
      try session.reset()
      let (shorter, end) = try await generated(session, [1, 2], limit: 6, endTokens: [last])
      #expect(end == .endToken(last))
      #expect(shorter == Array(tokens[..<(tokens.firstIndex(of: last) ?? 0)]))
    }
  }

  @Test func endsWhenTheSessionIsFull() async throws {
    try await withSession(SessionOptions(maximumPositions: 6)) { session in
      let (tokens, end) = try await generated(session, [1, 2, 3], limit: 100)
      #expect(end == .full)
      #expect(session.position == 6)
      #expect(tokens.count == 4)
    }
  }

  @Test func aPromptThatDoesNotFitIsAnError() async throws {
    try await withSession(SessionOptions(maximumPositions: 2)) { session in
      let error = await #expect(throws: ModelError.self) {
        try await generated(session, [1, 2, 3], limit: 1)
      }
      #expect(error?.code == .tooLong)
    }
  }

  @Test func streamGivesTheSameTokens() async throws {
    try await withSession { session in
      let (expected, _) = try await generated(session, [1, 2], limit: 5)
      try session.reset()
      var streamed: [Int] = []
      for try await token in session.tokens(after: [1, 2], limit: 5, choose: Session.greedy) {
        streamed.append(token)
      }
      #expect(streamed == expected)
    }
  }

  @Test func cancellingEndsTheGeneration() async throws {
    try await withSession { session in
      let task = Task {
        try await session.generate(
          [1], limit: 1000, choose: Session.greedy,
          emit: { _ in withUnsafeCurrentTask { $0?.cancel() } })
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(session.position <= 2)
    }
  }

  private func generated(
    _ session: Session, _ prompt: [Int], limit: Int, endTokens: [Int] = []
  ) async throws -> ([Int], GenerationEnd) {
    var tokens: [Int] = []
    let end = try await session.generate(
      prompt, limit: limit, endTokens: endTokens, choose: Session.greedy,
      emit: { tokens.append($0) })
    return (tokens, end)
  }

  private func withSession(
    _ options: SessionOptions = .init(), _ body: (Session) async throws -> Void
  ) async throws {
    try await TestDevices.withContext(on: .cpu) { context in
      let synthetic = try SyntheticModel(on: context)
      let weights = FixedWeights(synthetic.image, on: context)
      defer { weights.detachAll() }
      try await body(
        Session(synthetic.model, weights: weights, options: options) {
          ReferenceOperations(context: $0)
        })
    }
  }
}
