import FerryDevices
import FerryModels
import FerryResidency
import Testing

@testable import Ferry

/// What a model does on the way to a device of the double and back.
final class ModelErrand {
  enum Kind: String, Sendable, CaseIterable {
    case open, measure, step, decode, park, cross

    /// Where the model is before.
    var start: Device { self == .open || self == .measure ? .cpu : .cuda(0) }
  }

  let kind: Kind
  let engine: Engine
  let model: Model
  let tokens: [Int]
  private let session: Session
  private var logits: [Float] = []

  /// Brings the model to where it starts; whatever starts on a device finds its devices open.
  init(
    _ kind: Kind, _ folder: TinyModelFolder, keepingHostCopy: Bool = false
  ) async throws {
    self.kind = kind
    tokens = folder.tokens
    engine = try OnTheDouble.CUDAMoveTests.engine()
    model = try await engine.load(folder.path("plain"), needsTokenizer: false)
    session = try model.makeSession(SessionOptions(maximumPositions: nil))
    guard kind.start != .cpu else { return }
    if kind == .cross { _ = try engine.context(for: .cuda(1)) }
    try await model.to(.cuda(0), options: options(keepingHostCopy: keepingHostCopy))
    if kind == .decode { _ = try await session.advance(tokens) }
  }

  /// Runs it, or what an earlier try has left of it.
  func run() async throws {
    switch kind {
    case .open: try await model.to(.cuda(0), options: options(verify: true))
    case .measure: try await model.to(.cuda(0))
    case .step: logits = try await model.logits(tokens: tokens)
    case .decode:
      while session.position < ExpectedResults.decoded + tokens.count {
        logits = try await session.advance([session.position])
      }
    case .park: try await model.to(.cpu, options: options(keepingHostCopy: false, verify: true))
    case .cross: try await model.to(.cuda(1), options: options(keepingHostCopy: false))
    }
  }

  /// Brings the model to the host, where it gives what it should; its session's cache may be lost.
  func checkOnHost(_ expected: ExpectedResults) async throws {
    try await model.to(.cpu, options: MoveOptions(states: .drop, measuringLink: false))
    #expect(try await model.logits(tokens: tokens) == expected.logits)
    #expect(try await model.weights.checksums() == expected.checksums)
  }

  /// The weights are what they were, and the logits what they should be.
  func check(_ expected: ExpectedResults) async throws {
    if kind != .step, kind != .decode { logits = try await model.logits(tokens: tokens) }
    #expect(
      difference(logits, kind == .decode ? expected.decodedLogits : expected.logits) < 1e-3)
    try await model.to(.cpu, options: options())
    #expect(try await model.weights.checksums() == expected.checksums)
  }

  private func options(keepingHostCopy: Bool = true, verify: Bool = false) -> MoveOptions {
    MoveOptions(keepingHostCopy: keepingHostCopy, verify: verify, measuringLink: false)
  }
}

/// What the errands give on the host.
struct ExpectedResults {
  /// So many tokens are decoded: plainly, while it is recorded, and from the recording twice.
  static let decoded = 4
  let logits: [Float]
  let decodedLogits: [Float]
  let checksums: [UInt64]

  init(_ folder: TinyModelFolder) async throws {
    let model = try await Engine(backends: [HostBackend()]).load(
      folder.path("plain"), needsTokenizer: false)
    logits = try await model.logits(tokens: folder.tokens)
    let count = folder.tokens.count
    decodedLogits = try await model.logits(
      tokens: folder.tokens + Array(count..<count + Self.decoded))
    checksums = try await model.weights.checksums()
  }
}
