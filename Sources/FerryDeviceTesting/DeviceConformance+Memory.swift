import FerryDevices

extension DeviceConformance {
  static let memoryChecks: [DeviceCheck] = [
    DeviceCheck("the limits make sense") { context in
      let limits = context.backend.limits
      try require(limits.alignment >= 64, "alignment \(limits.alignment)")
      try require(limits.maximumAllocation > 0, "largest allocation \(limits.maximumAllocation)")
      try require(limits.maximumGroupSize >= 1, "largest group \(limits.maximumGroupSize)")
      try require(!context.backend.name.isEmpty, "the hardware has no name")
      let memory = try context.backend.memory()
      try require(memory.total > 0, "total memory \(memory.total)")
      try require((memory.free ?? 0) <= memory.total, "\(memory) has more free than there is")
    },
    DeviceCheck("every byte allocated is accounted until it is released") { context in
      var allocations: [Allocation] = []
      var total = 0
      for byteCount in [1, 63, 4096, 4097, 1 << 20] {
        allocations.append(try context.allocate(byteCount: byteCount))
        total += byteCount
        try require(context.bytesInUse == total, "\(context.bytesInUse) in use, not \(total)")
      }
      allocations = []
      try context.drain()
      try require(context.bytesInUse == 0, "\(context.bytesInUse) bytes after the last release")
    },
    DeviceCheck("allocations do not share bytes") { context in
      let allocations = try (0..<8).map { _ in try context.allocate(byteCount: 1000) }
      for (index, allocation) in allocations.enumerated() {
        try context.compute.fill(allocation.view, with: UInt8(index))
      }
      for (index, allocation) in allocations.enumerated() {
        let bytes = try TestBytes.read(allocation.view, in: context)
        try require(bytes.allSatisfy { $0 == index }, "allocation \(index) was written over")
      }
    },
    DeviceCheck("retained memory serves the next allocation of its size") { context in
      var handle: DeviceHandle?
      do {
        let allocation = try context.allocate(byteCount: 5000)
        allocation.retains = true
        handle = allocation.handle
        try context.compute.fill(allocation.view, with: 1)
      }
      try require(context.bytesInUse == 0, "retained memory counts as in use")
      try require(context.bytesRetained == 5000, "\(context.bytesRetained) bytes are retained")
      let again = try context.allocate(byteCount: 5000)
      try require(again.handle == handle, "the retained memory was not used")
      try require(context.bytesRetained == 0, "used memory still counts as retained")
    },
    DeviceCheck("trimming gives retained memory back") { context in
      for byteCount in [100, 200, 200] {
        try context.allocate(byteCount: byteCount).retains = true
      }
      context.trim()
      try context.drain()
      try require(context.bytesRetained == 0, "\(context.bytesRetained) bytes are retained")
      try require(context.bytesInUse == 0, "\(context.bytesInUse) bytes are in use")
    },
    DeviceCheck("an allocation beyond the device's limit is a typed error") { context in
      let limit = context.backend.limits.maximumAllocation
      guard limit < .max else { return }
      let codes: Set<DeviceError.Code> = [.allocationTooLarge]
      try requireError(codes, "allocating too much") {
        try context.allocate(byteCount: limit + 1)
      }
      try requireError(codes, "allocating too much from the driver") {
        try context.backend.allocate(byteCount: limit + 1)
      }
      try require(context.bytesInUse == 0, "the failure left \(context.bytesInUse) bytes in use")
    },
    DeviceCheck("running out of memory is a typed error that leaves the rest usable") { context in
      guard let pieces = try exhaustion(of: context.backend) else { return }
      let kept = try TestBytes.upload(TestBytes.random(1000), to: context)
      var held: [Allocation] = []
      try requireError([.outOfMemory], "allocating more than there is") {
        for byteCount in pieces { held.append(try context.allocate(byteCount: byteCount)) }
      }
      held = []
      let bytes = try TestBytes.read(kept.view, in: context)
      try require(bytes == TestBytes.random(1000), "what was there before has changed")
      _ = try context.allocate(byteCount: 1 << 20)
    },
  ]

  /// Sizes whose sum the device cannot hold; nil where trying would take too much of the machine.
  private static func exhaustion(of backend: any DeviceBackend) throws -> [Int]? {
    let (memory, limit) = (try backend.memory(), backend.limits.maximumAllocation)
    if limit > memory.total { return [min(limit, memory.total * 2)] }
    guard memory.total <= 1 << 30 else { return nil }
    return Array(repeating: limit, count: memory.total / limit + 1)
  }
}
