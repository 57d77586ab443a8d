import FerryDeviceTesting
import FerryDevices
import Glibc
import Synchronization

/// A device behind a link of any rate, where its own is memory: every upload of some size waits until the link would have
/// carried it, in a sleep that takes nothing from what computes.
final class PlayedLink: Sendable {
  let context: DeviceContext
  private let state = Mutex(State())

  private struct State {
    var bytesPerSecond = Double.infinity
    var isFreeAt = ContinuousClock.now
  }

  /// What passes in between: the inputs of a step.
  private static let smallByteCount = 64 << 10

  init(to backend: any DeviceBackend) throws {
    let played = FaultInjectingBackend(backend)
    context = try DeviceContext(played)
    played.watchUploads { [weak self] in self?.carry($0) }
  }

  /// The rate from now on.
  func set(bytesPerSecond rate: Double) { state.withLock { $0.bytesPerSecond = rate } }

  private func carry(_ byteCount: Int) {
    guard byteCount > Self.smallByteCount else { return }
    let end = state.withLock { state in
      let start = max(.now, state.isFreeAt)
      state.isFreeAt = start + .seconds(Double(byteCount) / state.bytesPerSecond)
      return state.isFreeAt
    }
    let rest = (end - .now) / .microseconds(1)
    if rest > 0 { usleep(UInt32(rest)) }
  }
}
