import FerryCheckpoints
public import FerryDevices
import FerryModels
import FerryOperations
public import FerryResidency
import FerryTensors

/// The weights of a checkpoint, wherever they are: what moves, whether or not Ferry can run the model.
public final class Weights: Sendable {
  let resident: ResidentWeights
  /// Where they came from.
  let checkpoint: Checkpoint
  let engine: Engine

  init(_ resident: ResidentWeights, from checkpoint: Checkpoint, engine: Engine) {
    self.resident = resident
    self.checkpoint = checkpoint
    self.engine = engine
  }

  /// Where they are.
  public var device: Device { resident.device }

  /// Their size in bytes, without padding.
  public var byteCount: Int { resident.layout.byteCount }

  /// How the host holds them now ("mapped", "pageable"); nil where it does not.
  public var hostStorage: String? { resident.hostStorage?.rawValue }

  /// Moves them to `device`, and says what it cost.
  ///
  /// A move is a transaction: whatever fails, and wherever it is cancelled, the weights stay where they
  /// were, usable, and the target holds what it held before.
  @discardableResult
  public func move(
    to device: Device, strategy: TransferStrategy = .direct, options: MoveOptions = MoveOptions(),
    progress: MoveObserver? = nil
  ) async throws -> MoveReport {
    try await resident.move(
      to: engine.context(for: device),
      strategy: strategy.moveStrategy(OperationsTranscoding(engine: engine)),
      options: options, progress: progress)
  }

  /// Second weights with the same bytes, on the CPU; the host copy is shared.
  public func copy() async throws -> Weights {
    Weights(try await resident.copy(), from: checkpoint, engine: engine)
  }

  /// The checksum of every segment, computed where the bytes now lie.
  public func checksums() async throws -> [UInt64] { try await resident.checksums() }

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
