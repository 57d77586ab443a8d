import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryResidency
import FerryTensors

/// The first logits after a prompt that begins with the upload of its model, of the longer of upload and computation alone.
struct ArrivalBench {
  let open: OpenDevice
  /// The link that is played; nil: the device's own.
  let link: PlayedLink?
  let shape: ArrivalShape
  let promptCount: Int
  private static let rounds = 3

  private var context: DeviceContext { link?.context ?? open.context }

  /// What it takes to measure one model.
  private struct Subject {
    let llama: SyntheticLlama
    let weights: ResidentWeights
    let prompt: [Int]
  }

  /// The figures, of uploads that take so many times as long as the computation; nil: as long as the link takes.
  func attempt(uploads: [Double?]) async -> [Figure] {
    await .attempting(name(nil), "", .atMost, Self.limit) {
      let subject = try await subject()
      let compute = try await best { try await computation(subject) }
      var figures: [Figure] = []
      for times in uploads {
        if let times {
          link?.set(bytesPerSecond: Double(subject.weights.layout.byteCount) / (times * compute))
        }
        figures.append(try await figure(subject, compute, times))
      }
      return figures
    }
  }

  private static let limit = 1.05

  private func name(_ times: Double?) -> String {
    let upload = times.map { ", an upload of \($0.short) × the computation" } ?? ""
    return "first result after a cold upload, \(promptCount) tokens\(upload): of the longer of both"
  }

  private func figure(
    _ subject: Subject, _ compute: Double, _ times: Double?
  ) async throws -> Figure {
    let upload = try await best { try await self.upload(subject) }
    let both = try await best { try await together(subject) }
    let longer = max(upload, compute)
    let floor = shape.floor(
      subject.llama, rows: promptCount, upload: upload, compute: compute)
    return Figure(
      name(times), both / longer, "×", .atMost, Self.limit, seconds: both,
      note:
        "upload \((upload * 1000).short) ms, computation \((compute * 1000).short) ms, both \((both * 1000).short) ms; "
        + "floor \((floor / longer).short) × in the order of the image, in chunks of \(shape.chunkByteCount >> 10) KiB"
        + (link == nil ? "" : "; the link is played"))
  }

  private func subject() async throws -> Subject {
    let llama = SyntheticLlama(shape.configuration, LinearKind.nf4.format)
    let image = try await SyntheticImage.make(
      llama.layout, on: open.host, content: SyntheticImage.weights)
    let mover = Mover(
      host: open.host, staging: StagingLimits(chunkByteCount: shape.chunkByteCount))
    let weights = ResidentWeights(image, mover: mover)
    let vocabulary = shape.configuration.vocabularySize
    let subject = Subject(
      llama: llama, weights: weights, prompt: (0..<promptCount).map { $0 * 31 % vocabulary })
    // What is made once, kernels and registered memory, is there when it is measured.
    _ = try await computation(subject)
    return subject
  }

  // MARK: what is measured

  /// The prompt on a model that is there.
  private func computation(_ subject: Subject) async throws -> Double {
    try await move(subject, to: context)
    let seconds = try await prompt(subject)
    try await move(subject, to: open.host)
    return seconds
  }

  private func upload(_ subject: Subject) async throws -> Double {
    let seconds = try await Stopwatch.seconds { try await move(subject, to: context) }
    try await move(subject, to: open.host)
    return seconds
  }

  /// The prompt begins as soon as steps may.
  private func together(_ subject: Subject) async throws -> Double {
    let start = ContinuousClock.now
    let (started, continuation) = AsyncStream.makeStream(of: Never.self)
    let move = Task {
      defer { continuation.finish() }
      return try await subject.weights.move(
        to: context, options: MoveOptions(measuringLink: false), started: { continuation.finish() })
    }
    for await _ in started {}
    _ = try await prompt(subject)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    _ = try await move.value
    try await self.move(subject, to: open.host)
    return seconds
  }

  /// Where the link is played the device's memory stays, so that making it does not count as the link's time.
  private func move(_ subject: Subject, to target: DeviceContext) async throws {
    let mode = link == nil ? MoveOptions.Mode.release : .retain
    try await subject.weights.move(
      to: target, options: MoveOptions(mode: mode, measuringLink: false))
  }

  private func prompt(_ subject: Subject) async throws -> Double {
    let session = try Session(
      subject.llama.model, weights: subject.weights, options: SessionOptions(elementType: .bf16)
    ) { try OperationsFactory.make(for: $0) }
    return try await Stopwatch.seconds { _ = try await session.advance(subject.prompt) }
  }

  private func best(_ measure: () async throws -> Double) async throws -> Double {
    var best = Double.infinity
    for _ in 0..<Self.rounds { best = min(best, try await measure()) }
    return best
  }
}
