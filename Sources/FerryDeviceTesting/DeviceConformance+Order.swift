import FerryDevices
import Glibc

extension DeviceConformance {
  static let orderChecks: [DeviceCheck] = [
    DeviceCheck("a new stream has passed its beginning") { context in
      let event = try context.backend.makeStream().record()
      try event.wait()
      try require(event.hasPassed, "nothing was queued, and yet it has not passed")
    },
    DeviceCheck("an event passes with the work before it") { context in
      let bytes = TestBytes.random(300_000, seed: 11)
      let allocation = try context.allocate(byteCount: bytes.count)
      var back = [UInt8](repeating: 0, count: bytes.count)
      try bytes.withUnsafeBytes { bytes in
        try back.withUnsafeMutableBytes { back in
          try context.upload.upload(bytes, to: allocation.view)
          try context.upload.download(allocation.view, to: back)
          let event = try context.upload.record()
          try event.wait()
          try require(event.hasPassed, "it was waited for, and has not passed")
        }
      }
      try require(back == bytes, "the bytes were not there when the event passed")
    },
    DeviceCheck("an event passes without being waited for") { context in
      let allocation = try context.allocate(byteCount: 1 << 20)
      try context.compute.fill(allocation.view, with: 1)
      let event = try context.compute.record()
      for _ in 0..<10_000 where !event.hasPassed { usleep(1000) }
      try require(event.hasPassed, "it has not passed after ten seconds")
    },
    DeviceCheck("a stream waits for another's event") { context in
      let source = try context.allocate(byteCount: 1 << 20)
      let target = try context.allocate(byteCount: 1 << 20)
      for round in UInt8(1)...20 {
        try context.upload.fill(source.view, with: round)
        try context.compute.wait(for: context.upload.record())
        try context.compute.copy(source.view, to: target.view)
        try context.upload.wait(for: context.compute.record())
      }
      let bytes = try TestBytes.read(target.view, in: context)
      try require(bytes.allSatisfy { $0 == 20 }, "a copy ran before its source was there")
    },
    DeviceCheck("draining waits for every stream") { context in
      let allocations = try (0..<3).map { _ in try context.allocate(byteCount: 1 << 20) }
      let streams = [context.upload, context.compute, context.download]
      for (stream, allocation) in zip(streams, allocations) {
        try stream.fill(allocation.view, with: 7)
      }
      let events = try streams.map { try $0.record() }
      try context.drain()
      try require(events.allSatisfy(\.hasPassed), "a stream was still at work")
    },
    DeviceCheck("memory may be released while queued work uses it") { context in
      for round in UInt8(0)..<20 {
        let target = try context.allocate(byteCount: 100_000)
        do {
          let source = try context.allocate(byteCount: 100_000)
          source.retains = round % 2 == 0
          try context.compute.fill(source.view, with: round)
          try context.compute.copy(source.view, to: target.view)
        }
        let other = try context.allocate(byteCount: 100_000)
        try context.upload.fill(other.view, with: 0xFF)
        let bytes = try TestBytes.read(target.view, in: context)
        try require(bytes.allSatisfy { $0 == round }, "round \(round) read released memory")
      }
    },
    DeviceCheck("several threads allocate, copy and release at once") { context in
      let failures = ConcurrentWork.run(threads: 4) { thread in
        for round in 0..<12 {
          let bytes = TestBytes.random(20_000 + thread, seed: UInt64(thread * 100 + round))
          let allocation = try context.allocate(byteCount: bytes.count)
          allocation.retains = round % 3 == 0
          try TestBytes.write(bytes, to: allocation.view, in: context)
          let sum = try context.compute.checksum([allocation.view])
          try require(sum == TestBytes.checksum([bytes]), "thread \(thread) sums wrongly")
          let back = try TestBytes.read(allocation.view, in: context)
          try require(back == bytes, "thread \(thread) read others' bytes")
        }
      }
      if let failure = failures.first { throw failure }
    },
  ]
}
