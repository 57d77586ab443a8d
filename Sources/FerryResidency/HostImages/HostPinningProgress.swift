import FerryDevices
import Synchronization

/// Which regions of a host image are registered so far, and what it took.
final class HostPinningProgress: Sendable {
  private let state: Mutex<State>

  private struct State {
    var pins: [PinnedHostMemory?]
    var failure: DeviceError?
    var began: ContinuousClock.Instant?
    var ended: ContinuousClock.Instant?
    var waited = Duration.zero
  }

  /// None of `count` regions.
  init(count: Int) { state = Mutex(State(pins: Array(repeating: nil, count: count))) }

  /// Registers a region, unless one was refused before.
  func make(_ number: Int, _ pin: (Int) throws(DeviceError) -> PinnedHostMemory) {
    let isRefused = state.withLock { state in
      state.began = state.began ?? .now
      return state.failure != nil
    }
    guard !isRefused else { return }
    let result = Result { () throws(DeviceError) in try pin(number) }
    state.withLock { state in
      state.ended = .now
      switch result {
      case .success(let pin): state.pins[number] = pin
      case .failure(let error): state.failure = state.failure ?? error
      }
    }
  }

  /// The memory of a region that was made.
  func pin(_ number: Int) -> PinnedHostMemory? { state.withLock { $0.pins[number] } }

  /// Why a region was refused; the first reason.
  var failure: DeviceError? { state.withLock { $0.failure } }

  /// How long regions were made, from the first to the last, and how long others waited for them.
  var time: (all: Duration, waited: Duration) {
    state.withLock { state in
      guard let began = state.began, let ended = state.ended else { return (.zero, state.waited) }
      return (ended - began, state.waited)
    }
  }

  /// Runs something that waits for regions, and counts the time.
  func whileWaiting(_ body: () throws -> Void) rethrows {
    let start = ContinuousClock.now
    defer { state.withLock { $0.waited += ContinuousClock.now - start } }
    try body()
  }
}
