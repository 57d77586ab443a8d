import FerryDevices

extension DeviceConformance {
  /// Offsets and sizes around words, cache lines and pages.
  private static let awkward: [(offset: Int, count: Int)] = [
    (0, 1), (1, 1), (3, 5), (7, 8), (8, 7), (1, 64), (63, 65), (4095, 4098), (5, 70_001),
  ]

  static let copyChecks: [DeviceCheck] = [
    DeviceCheck("bytes come back as they went, at any offset and size") { context in
      let backdrop = TestBytes.random(80_000, seed: 1)
      let allocation = try TestBytes.upload(backdrop, to: context)
      var expected = backdrop
      for (index, range) in awkward.enumerated() {
        let bytes = TestBytes.random(range.count, seed: UInt64(index) + 2)
        let view = allocation.view[range.offset, count: range.count]
        try TestBytes.write(bytes, to: view, in: context)
        expected.replaceSubrange(range.offset..<(range.offset + range.count), with: bytes)
        try require(
          try TestBytes.read(view, in: context) == bytes, "\(range) came back different")
      }
      try require(
        try TestBytes.read(allocation.view, in: context) == expected, "neighbours have changed")
    },
    DeviceCheck("copies within the device are exact") { context in
      let bytes = TestBytes.random(80_000, seed: 3)
      let source = try TestBytes.upload(bytes, to: context)
      let target = try TestBytes.upload([UInt8](repeating: 0, count: 80_000), to: context)
      for range in awkward {
        let start = 75_000 - range.count
        try context.compute.copy(
          source.view[range.offset, count: range.count],
          to: target.view[start, count: range.count])
        let copied = try TestBytes.read(target.view[start, count: range.count], in: context)
        try require(
          copied == Array(bytes[range.offset..<(range.offset + range.count)]),
          "\(range) was copied wrongly")
      }
    },
    DeviceCheck("one allocation can be copied within itself") { context in
      let bytes = TestBytes.random(1000, seed: 4)
      let allocation = try TestBytes.upload(bytes, to: context)
      try context.compute.copy(
        allocation.view[1, count: 400], to: allocation.view[501, count: 400])
      let after = try TestBytes.read(allocation.view, in: context)
      try require(after[501..<901] == bytes[1..<401], "the copy differs")
      try require(after[..<501] == bytes[..<501], "the source has changed")
    },
    DeviceCheck("fill sets its range and nothing else") { context in
      for range in awkward {
        let before = TestBytes.random(80_000, seed: 5)
        let allocation = try TestBytes.upload(before, to: context)
        try context.compute.fill(allocation.view[range.offset, count: range.count], with: 0xA5)
        var expected = before
        for index in range.offset..<(range.offset + range.count) { expected[index] = 0xA5 }
        try require(
          try TestBytes.read(allocation.view, in: context) == expected, "\(range) went wrong")
      }
    },
    DeviceCheck("empty ranges are allowed everywhere") { context in
      let allocation = try TestBytes.upload([1, 2, 3], to: context)
      let empty = allocation.view[3, count: 0]
      try context.upload.upload(UnsafeRawBufferPointer(start: nil, count: 0), to: empty)
      try context.download.download(
        empty, to: UnsafeMutableRawBufferPointer(start: nil, count: 0))
      try context.compute.copy(empty, to: allocation.view[0, count: 0])
      try context.compute.fill(empty, with: 9)
      let bytes = try TestBytes.read(allocation.view, in: context)
      try require(bytes == [1, 2, 3], "an empty range wrote something")
    },
    DeviceCheck("a buffer of another device is refused") { context in
      let allocation = try context.allocate(byteCount: 16)
      let foreign = BufferView(
        device: .cuda(4095), owner: allocation, handle: allocation.handle, offset: 0,
        byteCount: 16)
      let stream = context.compute
      var bytes = [UInt8](repeating: 0, count: 16)
      let codes: Set<DeviceError.Code> = [.wrongDevice]
      try requireError(codes, "filling it") { try stream.fill(foreign, with: 1) }
      try requireError(codes, "its checksum") { try stream.checksum([foreign]) }
      try requireError(codes, "copying from it") {
        try stream.copy(foreign, to: allocation.view)
      }
      try requireError(codes, "copying to it") { try stream.copy(allocation.view, to: foreign) }
      try requireError(codes, "uploading to it") {
        try bytes.withUnsafeBytes { try stream.upload($0, to: foreign) }
      }
      try requireError(codes, "downloading it") {
        try bytes.withUnsafeMutableBytes { try stream.download(foreign, to: $0) }
      }
    },
  ]
}
