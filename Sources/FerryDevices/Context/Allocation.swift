import Synchronization

/// One allocation on a device, given back when the last reference goes.
///
/// The memory returns to the driver only after everything queued before has run (see
/// ``DeviceContext/drain()``), or stays with the context where ``retains`` says so.
public final class Allocation: MemoryOwner {
  /// The device it is on.
  public let context: DeviceContext
  /// The driver's name for it.
  public let handle: DeviceHandle
  /// Its size in bytes.
  public let byteCount: Int
  /// Whether the memory is that of an earlier allocation, which the context had kept (see ``retains``).
  public let isReused: Bool
  /// The addresses it is behind, where those were reserved.
  public let reservation: AddressReservation?
  private let memory: DriverMemory
  private let retained = Atomic<Bool>(false)

  init(context: DeviceContext, handle: DeviceHandle, byteCount: Int, isReused: Bool) {
    self.context = context
    self.handle = handle
    self.byteCount = byteCount
    self.isReused = isReused
    self.reservation = nil
    self.memory = .allocated(handle)
  }

  init(in reservation: AddressReservation, use: Int, isReused: Bool) {
    self.context = reservation.context
    self.handle = reservation.handle
    self.byteCount = reservation.byteCount
    self.isReused = isReused
    self.reservation = reservation
    self.memory = .committed(reservation.addresses, use: use)
  }

  deinit {
    context.takeBack(memory, byteCount: byteCount, retain: retains)
  }

  /// Whether the context keeps the memory instead of giving it to the driver: for its next allocation
  /// of this size, or for the next one in the same reservation.
  public var retains: Bool {
    get { retained.load(ordering: .relaxed) }
    set { retained.store(newValue, ordering: .relaxed) }
  }

  /// All of its bytes.
  public var view: BufferView {
    BufferView(
      device: context.device, owner: self, handle: handle, offset: 0, byteCount: byteCount)
  }
}
