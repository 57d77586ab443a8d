import FerryCheckpoints
public import FerryDevices
import FerryModels
import FerryOperations
public import FerryResidency
import FerryTensors

/// The weights of a checkpoint, wherever they are: what moves, whether or not Ferry can run the model.
public final class Weights: Sendable {
  /// The weights that move; those of a model in a pool stay on the host.
  let resident: ResidentWeights
  /// Where they came from.
  let checkpoint: Checkpoint
  let engine: Engine
  /// Where they are in a pool.
  let pooled: PoolPlace?

  init(
    _ resident: ResidentWeights, from checkpoint: Checkpoint, engine: Engine,
    pooled: PoolPlace? = nil
  ) {
    self.resident = resident
    self.checkpoint = checkpoint
    self.engine = engine
    self.pooled = pooled
  }

  /// What forward passes reach them through.
  var access: any WeightAccess { pooled?.pages ?? resident }

  /// Where they are; of a model in a pool, the device where the pool brings them.
  public var device: Device { access.device }

  /// How many passes a pool's clients have made through them; 0 outside a pool.
  var passCount: Int { pooled?.pages.passCount ?? 0 }

  /// Their size in bytes, without padding.
  public var byteCount: Int { resident.layout.byteCount }

  /// How the host holds them now ("mapped", "pageable"); nil where it does not.
  public var hostStorage: String? {
    (pooled?.pages.hostStorage ?? resident.hostStorage)?.rawValue
  }

  /// Moves them to `device`, and says what it cost.
  ///
  /// A move is a transaction: whatever fails, and wherever it is cancelled, the weights stay where they
  /// were, usable, and the target holds what it held before.
  ///
  /// - Throws: ``FerryError/Code/pooled`` for a model in a pool, which moves it itself; what a move throws.
  @discardableResult
  public func move(
    to device: Device, strategy: TransferStrategy = .direct, options: MoveOptions = MoveOptions(),
    progress: MoveObserver? = nil
  ) async throws -> MoveReport {
    try await move(to: device, strategy, options, progress) {}
  }

  /// Begins to move them, and returns when steps may begin on `device`: they then wait for what they need, not for
  /// the move. What the move costs, or why it failed, is what the task gives; cancelling it ends the move.
  ///
  /// Nothing that steps tell comes from a move that failed: they run again where the weights stayed.
  public func startMove(
    to device: Device, options: MoveOptions = MoveOptions(), progress: MoveObserver? = nil
  ) async -> Task<MoveReport, any Error> {
    let (started, continuation) = AsyncStream.makeStream(of: Never.self)
    let task = Task {
      defer { continuation.finish() }
      return try await move(to: device, .direct, options, progress) { continuation.finish() }
    }
    for await _ in started {}
    return task
  }

  private func move(
    to device: Device, _ strategy: TransferStrategy, _ options: MoveOptions,
    _ progress: MoveObserver?, started: @escaping @Sendable () -> Void
  ) async throws -> MoveReport {
    if let pooled {
      throw FerryError(
        .pooled,
        "'\(pooled.name)' is in a pool, which brings it to \(device) and takes it away; park or unload it there, "
          + "or move a copy() of it")
    }
    return try await resident.move(
      to: engine.context(for: device),
      strategy: strategy.moveStrategy(OperationsTranscoding(engine: engine)),
      options: options, progress: progress, started: started)
  }

  /// Second weights with the same bytes, on the CPU; the host copy is shared.
  public func copy() async throws -> Weights {
    Weights(try await resident.copy(), from: checkpoint, engine: engine)
  }

  /// The checksum of every segment, computed where the bytes now lie; of a model in a pool, on its device where they
  /// are there, else on the host.
  public func checksums() async throws -> [UInt64] {
    if let pooled { return try await pooled.pages.checksums() }
    return try await resident.checksums()
  }

  /// One number over the checksums of all segments, as ``MoveReport/checksum`` has it.
  public func checksum() async throws -> UInt64 {
    ResidentWeights.combined(try await checksums())
  }
}

/// What travels when weights move.
public enum TransferStrategy: String, Sendable, CaseIterable {
  /// The bytes as they are.
  case direct
  /// Full precision, which the target encodes again with the stored configuration. Unchanged weights get
  /// their original bytes back.
  case requantize
  /// As `requantize`, but a segment is encoded at its first use on the target.
  case lazy

  fileprivate func moveStrategy(_ transcoding: any WeightTranscoding) -> MoveStrategy {
    switch self {
    case .direct: .direct
    case .requantize: .requantize(transcoding)
    case .lazy: .lazy(transcoding)
    }
  }
}

extension Engine {
  /// Loads the weights of a checkpoint on `device`; the model need not be one that Ferry can run.
  ///
  /// On the CPU the files are mapped where they hold the weights as memory does, and nothing is copied.
  @concurrent
  public func loadWeights(
    _ path: String, on device: Device = .cpu, options: MoveOptions = MoveOptions()
  ) async throws -> Weights {
    let host = try context(for: .cpu)
    let target = try context(for: device)
    let checkpoint = try Checkpoint(path: path)
    let image = try ModelLoader.loadWeights(checkpoint, on: host)
    let weights = Weights(
      ResidentWeights(image, mover: try mover()), from: checkpoint, engine: self)
    if target !== host { try await weights.move(to: device, options: options) }
    return weights
  }
}

extension Engine {
  /// What loading a checkpoint cost.
  public struct LoadReport: Sendable {
    /// Opening it, reading every byte of its weights once, and bringing them to the device, in seconds.
    public let seconds: Double
    /// The bytes of the weights.
    public let byteCount: Int
  }

  /// Loads weights as ``loadWeights(_:on:)`` does, and says what it costs to have them: the files are read
  /// from front to back, from the disk or the system's cache, which mapping alone would put off.
  @concurrent
  public func loadAndRead(
    _ path: String, on device: Device, options: MoveOptions = MoveOptions()
  ) async throws -> (weights: Weights, report: LoadReport) {
    let start = ContinuousClock.now
    try Checkpoint(path: path).readThrough()
    let weights = try await loadWeights(path, on: device, options: options)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return (weights, LoadReport(seconds: seconds, byteCount: weights.byteCount))
  }
}

extension Checkpoint {
  /// Reads every byte of every weight file once.
  fileprivate func readThrough() throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    for tensor in tensors {
      for offset in stride(from: 0, to: tensor.byteCount, by: buffer.count) {
        let count = min(buffer.count, tensor.byteCount - offset)
        try read(tensor, at: offset, into: .init(rebasing: buffer[..<count]))
      }
    }
  }
}

extension Weights {
  /// The same weights as a pool of `engine` has them: on the host, and as much of them as it brings on its device.
  func pooled(at place: PoolPlace, engine: Engine) throws -> Weights {
    Weights(
      ResidentWeights(try hostImage(), mover: try engine.mover()), from: checkpoint,
      engine: engine, pooled: place)
  }

  /// The whole image on the host, which pools and copies share.
  func hostImage() throws -> WeightImage {
    guard let image = resident.hostImage else {
      throw FerryError(
        .noHostCopy,
        "\(checkpoint.path) gave up its host copy and is on \(device) alone; move it to the CPU first"
      )
    }
    return image
  }
}
