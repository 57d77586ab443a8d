import FerryDevices
import Synchronization

/// Measures how long steps wait for the pages of a ring: between two points of the stream that computes, one before a
/// page is asked for and one after it is there. A thread of its own waits for them, so that nothing else does.
final class RingClock: Sendable {
  private enum Mark: Sendable {
    case asked(any DeviceEvent)
    case there(any DeviceEvent)
    case end(bytes: Int, start: ContinuousClock.Instant)
    case fence(CheckedContinuation<Void, Never>)
  }

  /// Marks in their order.
  private final class Marks: Sendable {
    private let waiting = Mutex<[Mark]>([])

    func append(_ mark: Mark) { waiting.withLock { $0.append(mark) } }

    func take() -> [Mark] {
      waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
    }
  }

  private let marks = Marks()
  /// Tells that there are marks.
  private let signal: AsyncStream<Void>.Continuation

  /// A clock that tells `report` of every step.
  init(report: @escaping @Sendable (RingPass) -> Void) {
    let (stream, signal) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.signal = signal
    let marks = marks
    Task {
      let thread = DeviceWorker()
      var (asked, waited) = (ContinuousClock.now, Duration.zero)
      for await _ in stream {
        for mark in marks.take() {
          switch mark {
          case .asked(let event): asked = await Self.passing(of: event, on: thread)
          case .there(let event): waited += await Self.passing(of: event, on: thread) - asked
          case .end(let bytes, let start):
            report(RingPass(bytes: bytes, waited: waited / .seconds(1), start: start, end: .now))
            waited = .zero
          case .fence(let continuation): continuation.resume()
          }
        }
      }
    }
  }

  deinit { signal.finish() }

  /// A page is asked for once this event has passed.
  func asked(_ event: any DeviceEvent) { add(.asked(event)) }

  /// It is there once this one has.
  func there(_ event: any DeviceEvent) { add(.there(event)) }

  /// A step, which began at `start`, sent for so many bytes, and is over.
  func end(bytes: Int, start: ContinuousClock.Instant) { add(.end(bytes: bytes, start: start)) }

  /// Waits until everything so far was told.
  func settle() async {
    await withCheckedContinuation { add(.fence($0)) }
  }

  private func add(_ mark: Mark) {
    marks.append(mark)
    signal.yield()
  }

  /// When an event has passed. What failed before it is for the step to hear of.
  private static func passing(
    of event: any DeviceEvent, on thread: DeviceWorker
  ) async -> ContinuousClock.Instant {
    if !event.hasPassed { try? await thread.run { try event.wait() } }
    return .now
  }
}
