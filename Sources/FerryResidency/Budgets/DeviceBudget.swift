package import FerryDevices

/// How much of a device's memory the models of a pool may hold together.
package struct DeviceBudget: Hashable, Sendable {
  /// What models may hold.
  package var amount: MemoryAmount
  /// What is left free for activations, caches and scratch memory, and for other processes, in bytes.
  package var headRoom: Int

  /// A budget.
  package init(_ amount: MemoryAmount, headRoom: Int = 0) {
    precondition(headRoom >= 0)
    if case .share(let share) = amount { precondition(share > 0 && share <= 1) }
    self.amount = amount
    self.headRoom = headRoom
  }

  /// What models may hold now: the amount, and no more than what is free beside what they hold already, where the
  /// driver tells. Other processes, and everything else this one does, take from that.
  ///
  /// - Parameters:
  ///   - memory: What the driver tells.
  ///   - held: The bytes models hold now.
  ///   - retained: What the device's context keeps for allocations to come.
  package func capacity(of memory: DeviceMemory?, held: Int, retained: Int = 0) -> Int {
    let wanted = amount.bytes(of: memory?.total ?? 0)
    guard let free = memory?.free else { return wanted }
    return max(0, min(wanted, held + retained + free - headRoom))
  }
}

extension DeviceBudget {
  /// What a pool on `context` may hold, whenever it asks. A driver that does not answer is taken to have what it
  /// had.
  package func capacity(on context: DeviceContext) -> @Sendable (Int) -> Int {
    { held in
      let memory = try? context.backend.memory()
      return capacity(of: memory, held: held, retained: context.bytesRetained)
    }
  }
}
