import FerryDevices

extension DeviceConformance {
  static let checksumChecks: [DeviceCheck] = [
    DeviceCheck("the checksum of nothing is 0") { context in
      try require(try context.compute.checksum([]) == 0, "it is not")
    },
    DeviceCheck("checksums equal the reference at every offset and size") { context in
      let bytes = TestBytes.random(70_000, seed: 6)
      let allocation = try TestBytes.upload(bytes, to: context)
      for offset in [0, 1, 4, 7, 8] {
        for count in [0, 1, 7, 8, 9, 31, 32, 33, 255, 65_535, 65_536, 65_537] {
          try compare([(offset, count)], of: allocation, bytes, context)
        }
      }
    },
    DeviceCheck("lists of ranges are summed in their order") { context in
      let bytes = TestBytes.random(140_000, seed: 7)
      let allocation = try TestBytes.upload(bytes, to: context)
      try compare([(0, 8), (8, 8)], of: allocation, bytes, context)
      try compare([(8, 8), (0, 8)], of: allocation, bytes, context)
      try compare([(0, 0), (5, 0), (3, 9), (3, 9)], of: allocation, bytes, context)
      try compare([(1, 130_001), (9, 65_536), (139_999, 1)], of: allocation, bytes, context)
    },
    DeviceCheck("thousands of small ranges are summed") { context in
      let bytes = TestBytes.random(40_000, seed: 8)
      let allocation = try TestBytes.upload(bytes, to: context)
      let ranges = (0..<4000).map { (offset: $0 * 9 + $0 % 3, count: $0 % 23) }
      try compare(ranges, of: allocation, bytes, context)
    },
    DeviceCheck("ranges of several allocations are summed together") { context in
      let pieces = (0..<5).map { TestBytes.random(1000 + $0, seed: 9 + UInt64($0)) }
      let allocations = try pieces.map { try TestBytes.upload($0, to: context) }
      let order = [3, 0, 4, 0, 1, 2]
      let sum = try context.compute.checksum(order.map { allocations[$0].view })
      try require(sum == TestBytes.checksum(order.map { pieces[$0] }), "the sum differs")
    },
    DeviceCheck("one changed bit anywhere changes the checksum") { context in
      let bytes = TestBytes.random(70_001, seed: 10)
      let allocation = try TestBytes.upload(bytes, to: context)
      let sound = try context.compute.checksum([allocation.view])
      for offset in [0, 1, 65_535, 65_536, 69_999, 70_000] {
        try TestBytes.flip(offset, of: allocation.view, in: context)
        let damaged = try context.compute.checksum([allocation.view])
        try require(damaged != sound, "byte \(offset) may change unseen")
        try TestBytes.flip(offset, of: allocation.view, in: context)
      }
      try require(try context.compute.checksum([allocation.view]) == sound, "it is not stable")
    },
    DeviceCheck("a checksum sees what its stream did before") { context in
      let allocation = try context.allocate(byteCount: 100_000)
      try context.compute.fill(allocation.view, with: 3)
      let expected = TestBytes.checksum([[UInt8](repeating: 3, count: 100_000)])
      try require(
        try context.compute.checksum([allocation.view]) == expected, "it ran before the fill")
    },
  ]

  private static func compare(
    _ ranges: [(offset: Int, count: Int)], of allocation: Allocation, _ bytes: [UInt8],
    _ context: DeviceContext
  ) throws {
    let sum = try context.compute.checksum(
      ranges.map { allocation.view[$0.offset, count: $0.count] })
    let expected = TestBytes.checksum(
      ranges.map { Array(bytes[$0.offset..<($0.offset + $0.count)]) })
    try require(sum == expected, "\(ranges.prefix(4)) sum to \(sum), not \(expected)")
  }
}
