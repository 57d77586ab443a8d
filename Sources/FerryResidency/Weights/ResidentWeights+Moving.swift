package import FerryDevices
import FerryTensors

extension ResidentWeights {
  /// Moves the weights, and the states attached to them, to another device or to the host.
  ///
  /// A move is a transaction: whatever fails, and wherever it is cancelled, the weights stay where
  /// they were, usable, and the target holds what it held before. No byte of the source is given up
  /// before everything has arrived. A move to where the weights are does nothing and succeeds.
  ///
  /// On the way to a device, steps run there as soon as all memory is reserved and the attached states have come
  /// (`started` tells), and wait for each segment. Not so where weights travel in full precision, or states are to be
  /// dropped: then steps wait for the whole move, as they do on the way to the host.
  ///
  /// From a device with a host copy, leaving is free: nothing is copied. If the host copy is in files
  /// that changed meanwhile, the bytes come from the device instead, which still has them, and the
  /// report says so (``MoveReport/hostCopyFailure``).
  ///
  /// - Throws: ``ResidencyError``; a ``DeviceError`` (no room, a lost device, a failed copy); a
  ///   ``TensorError`` where a file changed; `CancellationError`; what an attached state throws.
  @concurrent
  @discardableResult
  package func move(
    to target: DeviceContext, strategy: MoveStrategy = .direct,
    options: MoveOptions = MoveOptions(), progress: MoveObserver? = nil,
    started: @escaping @Sendable () -> Void = {}
  ) async throws -> MoveReport {
    try await enter(options)
    defer { gate.leave(.move) }
    let context = context
    guard context !== target else {
      started()
      return unmoved(on: context)
    }
    let watch = MoveWatch(progress)
    let move = Move(
      weights: self, source: context, target: target, strategy: strategy, options: options,
      watch: watch, started: started)
    return try await watch.run(on: thread) { try move.run() }
  }

  private func enter(_ options: MoveOptions) async throws {
    if options.waiting { return try await gate.enter(.move) }
    guard gate.tryEnter(.move) else {
      throw ResidencyError(
        .busy, "the model is busy on \(device); wait for its step or move, or allow waiting")
    }
  }

  private func unmoved(on context: DeviceContext) -> MoveReport {
    let account = MoveReport.Account(
      bytesBefore: context.bytesHeld, bytesAfter: context.bytesHeld)
    return MoveReport(
      from: context.device, to: context.device, bytes: 0, seconds: 0, allocationSeconds: 0,
      pinningSeconds: 0, copySeconds: 0, overlapSeconds: 0, linkFraction: nil, source: account,
      target: account, checksum: nil, hostStorage: hostStorage,
      hostPinnedBytes: hostPinnedByteCount,
      hostCopyFailure: nil, hostPinningFailure: nil)
  }
}
