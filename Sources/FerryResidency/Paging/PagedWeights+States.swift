import FerryDevices
package import FerryTensors
import Synchronization

/// What sessions keep beside paged weights, and where it is: on the device, or on the host while nothing of the
/// weights is on the device.
final class PagedStates: Sendable {
  private let entries = Mutex<[Entry]>([])

  private struct Entry: Sendable {
    weak var state: (any AttachedState)?
    var isAway = false
  }

  func attach(_ state: any AttachedState) {
    entries.withLock { entries in
      entries.removeAll { $0.state == nil }
      entries.append(Entry(state: state))
    }
  }

  /// Those that are on the device.
  var present: [any AttachedState] {
    entries.withLock { $0.compactMap { $0.isAway ? nil : $0.state } }
  }

  /// Whether it was written to the host.
  func isAway(_ state: any AttachedState) -> Bool {
    entries.withLock { $0.contains { $0.state === state && $0.isAway } }
  }

  func note(_ state: any AttachedState, isAway: Bool) {
    entries.withLock { entries in
      for index in entries.indices where entries[index].state === state {
        entries[index].isAway = isAway
      }
    }
  }
}

extension PagedWeights {
  /// Makes `state` leave the device when all of the weights have, and come back for its next step.
  package func attach(_ attached: any AttachedState) { states.attach(attached) }

  /// Writes the states on the device to the host, over the stream of downloads, and gives their memory back: to memory
  /// registered with the device's driver where the budget grants it, else to pageable memory. One that cannot be written,
  /// or for which the host has no memory to spare, stays as it is.
  package func writeBack() async -> WriteBack {
    guard context !== mover.host, !states.present.isEmpty else { return WriteBack() }
    do {
      try await gate.enter(.move)
    } catch {
      return WriteBack(failure: error)
    }
    defer { gate.leave(.move) }
    do {
      return try await thread.run { [self] in
        var result = WriteBack()
        let bridge = mover.bridge(from: context, to: mover.host) {
          HostBudget.standard.grants($0, of: try? HostFigures.memory())
        }
        for state in states.present { write(state, over: bridge, &result) }
        settle()
        return result
      }
    } catch {
      return WriteBack(failure: error)
    }
  }

  package func reportReturns(_ report: @escaping @Sendable (StateReturn) -> Void) {
    returnReport.withLock { $0 = report }
  }

  private func write(
    _ state: any AttachedState, over bridge: DeviceBridge, _ result: inout WriteBack
  ) {
    do {
      let copy = try state.copy(over: bridge)
      copy.commit()
      states.note(state, isAway: true)
      result.bytes += copy.byteCount
    } catch {
      result.failure = result.failure ?? error
    }
  }

  /// Brings a state back that was written to the host, on the thread of its step.
  func recall(_ state: any AttachedState) throws {
    guard states.isAway(state) else { return }
    let start = ContinuousClock.now
    let bridge = mover.bridge(from: mover.host, to: context)
    let copy = try state.copy(over: bridge)
    copy.commit()
    states.note(state, isAway: false)
    guard copy.byteCount > 0, let report = returnReport.withLock({ $0 }) else { return }
    report(StateReturn(bytes: copy.byteCount, start: start, end: .now))
  }
}
