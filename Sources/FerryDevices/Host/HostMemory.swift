/// Memory of the host, registered with a driver or not.
package enum HostMemory: Sendable {
  case pageable(Allocation)
  case pinned(PinnedHostMemory)

  /// All of its bytes.
  package var view: BufferView {
    switch self {
    case .pageable(let allocation): allocation.view
    case .pinned(let memory): memory.view
    }
  }
}
