import FerryDevices
import FerryOperations
import Synchronization

/// What changes about a session; guarded by its mutex.
struct SessionState {
  /// How many tokens the text has.
  var position = 0
  /// Whether a step is under way.
  var isStepping = false
  /// Keys and values; nil before the first step.
  var cache: KeyValueCache?
  /// Activations of the latest pass.
  var scratch: ScratchArena?
  /// The operations of the device of the latest step.
  var operations: (any Operations)?
  private var isDropped = false

  /// The bytes held on the device.
  var byteCount: Int { (cache?.byteCount ?? 0) + (scratch?.byteCount ?? 0) }

  /// Marks a step as under way.
  mutating func begin() throws(ModelError) {
    try checkIdle()
    guard !isDropped else {
      throw ModelError(
        .stateDropped,
        "the session's cache was given up when the model moved; reset the session and give it the "
          + "text again")
    }
    isStepping = true
  }

  /// Throws if a step is under way.
  func checkIdle() throws(ModelError) {
    guard !isStepping else {
      throw ModelError(.busy, "the session runs a step already; await it first")
    }
  }

  /// The cache, which must be where the step runs.
  func cache(on context: DeviceContext) throws(ModelError) -> KeyValueCache? {
    guard let cache else { return nil }
    guard cache.context === context else {
      throw ModelError(
        .stateDropped,
        "the session's cache stayed on \(cache.context.device) while the weights went to "
          + "\(context.device); reset the session")
    }
    return cache
  }

  /// Gives back scratch; operations belong to a device and are made again on the next one.
  mutating func forgetScratch() {
    scratch = nil
    operations = nil
  }

  /// Gives up everything on the device; a text in progress cannot go on.
  mutating func drop() {
    isDropped = position > 0
    cache = nil
    forgetScratch()
  }
}

/// A request to stop that a worker's thread can see.
final class Cancellation: Sendable {
  private let isCancelled = Atomic<Bool>(false)

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  func check() throws(CancellationError) {
    if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
  }
}
