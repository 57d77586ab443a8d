package import FerryDevices
package import FerryTensors
import Synchronization

/// The weights of one model, wherever they are: the implementation of ``WeightAccess`` that moves.
///
/// They are in one place that steps use, the CPU or a device, and beside a device there may be an
/// image of them on the host, which is immutable and may be shared by copies of the model.
package final class ResidentWeights: WeightAccess {
  package let layout: WeightLayout
  /// What moves of the process share.
  package let mover: Mover
  let gate = StepGate()
  let parts: PartTable
  /// The thread that copies; steps run on the devices' own.
  let thread = DeviceWorker()
  private let state: Mutex<State>

  private struct State {
    var placement: Placement {
      didSet { files = placement.active.files }
    }
    /// The files that the active image lies in.
    var files: [MappedFile]
    /// The device that the weights are moving to, once steps run there.
    var arrival: WeightArrival?
    /// What a lazy move left to encode in the active image.
    var unencoded: UnencodedSegments?
    var attached: [WeakState] = []
    /// The segments of the active image that steps asked for so far.
    var acquired: [ResidentSegment?]
    /// The addresses the weights had and will have again on devices where they stay.
    var addresses: [ObjectIdentifier: ImageAddresses] = [:]
    /// The checksums of the segments, once they are known: weights never change.
    var checksums: [UInt64]?
  }

  fileprivate struct WeakState: Sendable {
    weak var value: (any AttachedState)?
  }

  /// Weights that are on the CPU, in files or in host memory; the image is complete.
  package convenience init(_ image: WeightImage, mover: Mover) {
    precondition(image.device == .cpu && image.isComplete, "a whole image on the host")
    self.init(.host(image), layout: image.layout, parts: PartTable(image.layout), mover: mover)
  }

  init(_ placement: Placement, layout: WeightLayout, parts: PartTable, mover: Mover) {
    self.layout = layout
    self.mover = mover
    self.parts = parts
    let acquired = [ResidentSegment?](repeating: nil, count: layout.segments.count)
    self.state = Mutex(
      State(placement: placement, files: placement.active.files, acquired: acquired))
  }

  /// The device the next step will run on.
  package var device: Device { context.device }

  /// The context the next step will run on.
  package var context: DeviceContext {
    state.withLock { $0.arrival?.context ?? $0.placement.context(host: mover.host) }
  }

  /// How the host holds the weights; nil where it does not.
  package var hostStorage: WeightImage.Storage? { placement.hostImage?.storage }

  /// The weights on the host, immutable; nil where they were given up for a device.
  package var hostImage: WeightImage? { placement.hostImage }

  /// The bytes of the host image that are in registered memory.
  var hostPinnedByteCount: Int { placement.hostImage?.pinnedByteCount ?? 0 }

  package func attach(_ attached: any AttachedState) {
    let restorer = attached.restorer()
    state.withLock { state in
      state.arrival?.remember(restorer)
      state.attached.removeAll { $0.value == nil }
      state.attached.append(WeakState(value: attached))
    }
  }
}

// MARK: - Steps

extension ResidentWeights {
  /// Runs a step. At its beginning and end, the step checks the files that the weights are used from, with two system
  /// calls per file, and throws ``TensorError/Code/fileChanged`` if one has changed: results computed with it are
  /// discarded.
  ///
  /// While the weights move to a device, the step runs there and waits for each segment that it needs; its result is
  /// returned when the move is complete. If the move fails, the step runs again where the weights stayed.
  package func withStep<Value: Sendable>(
    _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value {
    while true {
      try await gate.enter(.step)
      defer { gate.leave(.step) }
      guard let arrival = state.withLock({ $0.arrival }) else { return try await settledStep(body) }
      if let value = try await step(on: arrival, body) { return value }
    }
  }

  private func settledStep<Value: Sendable>(
    _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value {
    let step = CurrentStep(weights: self, context: context)
    return try await step.context.worker.run { [self] in
      for file in files { try file.checkUnchanged() }
      let result = Result { try body(step) }
      // An error that a step throws because of missing data is as wrong as a result computed from it.
      for file in files { try file.checkUnchanged() }
      return try result.get()
    }
  }

  /// A step, which keeps the weights from moving.
  private struct CurrentStep: WeightStep, Sendable {
    let weights: ResidentWeights
    let context: DeviceContext

    func acquire(segment: Int) throws -> ResidentSegment {
      try weights.acquire(segment: segment)
    }
  }

  /// Builds the views of a segment on the first call: a layer asks for the same at every token.
  func acquire(segment index: Int) throws -> ResidentSegment {
    try encode(segment: index)
    return state.withLock { state in
      if let segment = state.acquired[index] { return segment }
      guard let segment = state.placement.active.resident(segment: index) else {
        preconditionFailure("the active image is complete")
      }
      state.acquired[index] = segment
      return segment
    }
  }
}

// MARK: - State

extension ResidentWeights {
  /// Where the weights are now.
  var placement: Placement { state.withLock { $0.placement } }

  /// The files that steps read, each once.
  private var files: [MappedFile] { state.withLock { $0.files } }

  /// The states that move with the weights.
  var attachedStates: [any AttachedState] {
    state.withLock { $0.attached.compactMap(\.value) }
  }

  /// The addresses that the weights had on a device.
  func addresses(on context: DeviceContext) -> ImageAddresses? {
    state.withLock { $0.addresses[ObjectIdentifier(context)] }
  }

  /// The checksums of the segments, where they are known.
  var knownChecksums: [UInt64]? {
    get { state.withLock { $0.checksums } }
    set { state.withLock { $0.checksums = newValue } }
  }

  /// Makes sure that a segment of the active image is encoded.
  func encode(segment index: Int) throws {
    try state.withLock { $0.unencoded }?.encode(segment: index)
  }

  /// Makes sure that the active image is encoded.
  func encodeAll() throws { try state.withLock { $0.unencoded }?.encodeAll() }

  /// Has steps run where the weights arrive, unless states were attached that are not in `known`: then nothing
  /// changes, and the answer is false.
  func begin(_ arrival: WeightArrival, ifOnly known: [any AttachedState]) -> Bool {
    state.withLock { state in
      guard state.attached.areAll(among: known) else { return false }
      state.arrival = arrival
      return true
    }
  }

  /// Has steps run where the weights stayed.
  func endArrival() { state.withLock { $0.arrival = nil } }

  /// Puts the weights into a new place, unless states were attached that are not in `known`: then
  /// nothing changes, and the answer is false.
  func replacePlacement(
    with placement: Placement, unencoded: UnencodedSegments?, ifOnly known: [any AttachedState]
  ) -> Bool {
    state.withLock { state in
      guard state.attached.areAll(among: known) else { return false }
      state.placement = placement
      state.arrival = nil
      if case .device(let replica, _) = placement {
        state.addresses[ObjectIdentifier(replica.context)] = replica.memory.addresses
      }
      state.unencoded = unencoded
      state.acquired = Array(repeating: nil, count: layout.segments.count)
      return true
    }
  }
}

extension [ResidentWeights.WeakState] {
  /// Whether all that still live are among these.
  fileprivate func areAll(among known: [any AttachedState]) -> Bool {
    let identifiers = Set(known.map { ObjectIdentifier($0) })
    return compactMap(\.value).allSatisfy { identifiers.contains(ObjectIdentifier($0)) }
  }
}
