import CDeviceKernels
import FerryDevices

extension DeviceConformance {
  static let kernelChecks: [DeviceCheck] = [
    DeviceCheck("a kernel takes arguments of every kind") { context in
      guard let kernel = try kernel("arguments", in: kinds, of: context) else { return }
      let output = try context.allocate(byteCount: 24)
      let input = try TestBytes.upload([1, 2, 3, 4, 5, 6, 7, 8], to: context)
      try context.compute.launch(
        kernel, groups: GridSize(1), groupSize: GridSize(1),
        [
          .buffer(output.view), .int32(-5), .uint32(4_000_000_000),
          .uint64(0x0123_4567_89AB_CDEF), .float(-0.375), .buffer(input.view[3, count: 2]),
        ])
      let words = try TestWords.read(output.view, in: context)
      let expected: [UInt32] = [
        UInt32(bitPattern: -5), 4_000_000_000, 0x89AB_CDEF, 0x0123_4567,
        Float(-0.375).bitPattern, 0x0504,
      ]
      try require(words == expected, "it saw \(words), not \(expected)")
    },
    DeviceCheck("every thread of a three-dimensional grid runs once") { context in
      guard let kernel = try kernel("grid", in: grid, of: context) else { return }
      let groups = GridSize(3, 2, 5)
      let size = GridSize(4, 2, 2)
      let output = try context.allocate(byteCount: groups.count * size.count * 4)
      try context.compute.fill(output.view, with: 0)
      try context.compute.launch(
        kernel, groups: groups, groupSize: size, [.buffer(output.view)])
      let words = try TestWords.read(output.view, in: context)
      try require(
        words == (0..<UInt32(words.count)).map { $0 + 1 }, "threads are missing or misplaced")
    },
    DeviceCheck("a work-group shares local memory across a barrier") { context in
      guard let kernel = try kernel("reverse", in: local, of: context) else { return }
      let values = (0..<UInt32(256)).map { $0 * 3 }
      let data = try TestWords.upload(values, to: context)
      try context.compute.launch(
        kernel, groups: GridSize(4), groupSize: GridSize(64), [.buffer(data.view)])
      let words = try TestWords.read(data.view, in: context)
      let expected = (0..<4).flatMap { values[($0 * 64)..<($0 * 64 + 64)].reversed() }
      try require(words == expected, "the group did not see each other's values")
    },
    DeviceCheck("defines are constants of a program, and programs with others are others") {
      context in
      for value: UInt32 in [7, 8] {
        let program = defined("\(value)u")
        guard let kernel = try kernel("defined", in: program, of: context) else { return }
        let output = try context.allocate(byteCount: 4)
        try context.compute.launch(
          kernel, groups: GridSize(1), groupSize: GridSize(1), [.buffer(output.view)])
        let words = try TestWords.read(output.view, in: context)
        try require(words == [value], "VALUE is \(words), not \(value)")
      }
    },
    DeviceCheck("launches of one kernel from several threads do not mix arguments") { context in
      guard let kernel = try kernel("arguments", in: kinds, of: context) else { return }
      let failures = ConcurrentWork.run(threads: 4) { thread in
        let output = try context.allocate(byteCount: 24)
        let input = try TestBytes.upload([1, 2], to: context)
        for round in 0..<25 {
          let value = UInt32(thread * 1000 + round)
          try context.compute.launch(
            kernel, groups: GridSize(1), groupSize: GridSize(1),
            [
              .buffer(output.view), .int32(Int32(value)), .uint32(value), .uint64(0),
              .float(0), .buffer(input.view),
            ])
          let words = try TestWords.read(output.view, in: context)
          try require(words[0] == value && words[1] == value, "\(value) became \(words)")
        }
      }
      if let failure = failures.first { throw failure }
    },
    DeviceCheck("a source that does not compile is a typed error with the compiler's words") {
      context in
      guard try kernel("arguments", in: kinds, of: context) != nil else { return }
      guard context.backend.limits.compilesSource else { return }
      do throws(DeviceError) {
        _ = try context.backend.kernel(named: "f", in: broken)
      } catch {
        let words = error.cause ?? ""
        try require(words.contains("undeclared"), "the cause does not name the fault: \(words)")
      }
    },
    DeviceCheck("a program or kernel that cannot be had is a typed error") { context in
      guard try kernel("arguments", in: kinds, of: context) != nil else { return }
      try requireError([.compileFailed], "asking for nonsense, of which there is no image") {
        try context.backend.kernel(named: "f", in: broken)
      }
      try requireError([.compileFailed], "looking up a kernel that is not there") {
        try context.backend.kernel(named: "absent", in: kinds)
      }
    },
    DeviceCheck("a launch that cannot be is a typed error, and the next one works") { context in
      guard let kernel = try kernel("defined", in: definedAs9, of: context) else { return }
      let output = try context.allocate(byteCount: 4)
      let (one, stream) = (GridSize(1), context.compute)
      let codes: Set<DeviceError.Code> = [.launchFailed]
      try requireError(codes, "too few arguments") {
        try stream.launch(kernel, groups: one, groupSize: one, [])
      }
      try requireError(codes, "too many arguments") {
        try stream.launch(
          kernel, groups: one, groupSize: one, [.buffer(output.view), .int32(1)])
      }
      try requireError(codes, "too large a group") {
        let size = GridSize(context.backend.limits.maximumGroupSize + 1)
        try stream.launch(kernel, groups: one, groupSize: size, [.buffer(output.view)])
      }
      try stream.launch(kernel, groups: one, groupSize: one, [.buffer(output.view)])
      try require(try TestWords.read(output.view, in: context) == [9], "the next launch failed")
    },
  ]

  /// The kernel; nil for a device that runs none, which says so in a typed error.
  static func kernel(
    _ name: String, in program: KernelProgram, of context: DeviceContext
  ) throws -> (any DeviceKernel)? {
    do throws(DeviceError) {
      return try context.backend.kernel(named: name, in: program)
    } catch {
      guard error.code == .unavailable else { throw error }
      return nil
    }
  }

  private static let broken = KernelProgram(
    name: "conformance-broken", source: "KERNEL void f(BUFFER(x)) { undeclared = 1; }")
  private static let kinds = KernelProgram.conformance("arguments")
  private static let grid = KernelProgram.conformance("grid")
  private static let local = KernelProgram.conformance("local")
  private static let definedAs9 = defined("9u")

  private static func defined(_ value: String) -> KernelProgram {
    .conformance("defines", ["VALUE": value])
  }
}

extension KernelProgram {
  /// A program of the suite's own kernels, of which images exist as of all others.
  static func conformance(_ name: String, _ defines: [String: String] = [:]) -> KernelProgram {
    let program = "conformance-\(name)"
    guard let source = ferry_kernel_source(program, nil) else {
      preconditionFailure("no kernel source \(program)")
    }
    return KernelProgram(name: program, source: String(cString: source), defines: defines)
  }
}
