import Synchronization

/// A driver's name for something: never used twice in a process, so that a stale one is known.
struct DoubleToken: Hashable {
  let rawValue: UInt

  private static let last = Atomic<UInt>(0x5000)

  init() { rawValue = Self.last.add(16, ordering: .relaxed).newValue }

  /// The token as the opaque pointer that C code holds.
  var pointer: OpaquePointer? { OpaquePointer(bitPattern: rawValue) }
}

extension UInt {
  /// The number in a handle; 0 for a null pointer.
  init(handle: OpaquePointer?) { self = UInt(bitPattern: handle) }
}
