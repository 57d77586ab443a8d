package import FerryDevices

/// How much of the host's memory images may take beside what is registered with drivers.
package struct HostBudget: Hashable, Sendable {
  /// The part of what is available that one image may take; what is available knows the control group's limit.
  package var share: Double

  /// Half of what is available.
  package static let standard = HostBudget(share: 0.5)

  /// A part above 0 and at most 1.
  package init(share: Double) {
    precondition(share > 0 && share <= 1, "a part of what is available")
    self.share = share
  }

  /// Whether an image of so many bytes may be held in memory; not where the system does not tell what it has.
  package func grants(_ byteCount: Int, of memory: DeviceMemory?) -> Bool {
    guard let free = memory?.free else { return false }
    return Double(byteCount) <= share * Double(free)
  }
}
