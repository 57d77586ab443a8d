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
  /// The device of the latest step, and those the session has been on.
  var places: [SessionPlace] = []
  /// Where the cache was on the host, in memory that stays registered with a driver; nothing is in it.
  private var hostMemory: KeyValueCache?
  private var isDropped = false

  /// The bytes held on the device.
  var byteCount: Int { (cache?.byteCount ?? 0) + places.reduce(0) { $0 + $1.byteCount } }

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

  /// What the session has on a device, if it has been there.
  func place(on context: DeviceContext) -> SessionPlace? {
    places.first { $0.context === context }
  }

  /// Where the cache was when the session left a device, if it can be there again.
  func formerCache(on context: DeviceContext) -> KeyValueCache? {
    hostMemory?.context === context ? hostMemory : place(on: context)?.formerCache
  }

  /// Takes that out for a step, which keeps it when it is done.
  mutating func takePlace(on context: DeviceContext) -> SessionPlace? {
    places.firstIndex { $0.context === context }.map { places.remove(at: $0) }
  }

  /// Keeps what a step used.
  mutating func keep(_ place: SessionPlace) { places.append(place) }

  /// Leaves a device; what is recorded stays valid where addresses do.
  mutating func leave(_ context: DeviceContext) {
    if let cache, cache.context === context, cache.keepsMemory { hostMemory = cache.vacated() }
    guard var place = takePlace(on: context) else { return }
    place.leave(cache?.context === context ? cache : nil)
    if context.backend.reservations != nil { places.append(place) }
  }

  /// Gives up everything on all devices; a text in progress cannot go on.
  mutating func drop() {
    isDropped = position > 0
    cache = nil
    hostMemory = nil
    places = []
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
