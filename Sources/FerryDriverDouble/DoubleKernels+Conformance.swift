import FerryDevices
import FerryFormats

extension DoubleKernels {
  /// The kernels by which devices are tested.
  static let conformance = [
    DoubleKernel("arguments", of: "conformance-arguments", "biulfb", arguments),
    DoubleKernel("grid", of: "conformance-grid", "b", grid),
    DoubleKernel("reverse", of: "conformance-local", "b", reverse),
    DoubleKernel("defined", of: "conformance-defines", "b") { run in
      try run.buffer().elements(1, of: UInt32.self)[0] = UInt32(try run.number("VALUE"))
    },
    numbers("quotients") { a, b in (a / b).bitPattern },
    numbers("residues") { a, b in (a * b - a * b + (b * a - a * b)).bitPattern },
    numbers("products_less_one") { a, b in (a * b - 1).bitPattern },
    numbers("halves") { a, _ in
      Float(Float16(bitPattern: UInt16(truncatingIfNeeded: a.bitPattern))).bitPattern
    },
    numbers("roundings") { a, _ in
      UInt32(Float16(a).bitPattern) | UInt32(BFloat16(a).bitPattern) << 16
    },
    numbers("bfloats") { a, _ in Float(BFloat16(a)).bitPattern },
  ]

  /// A kernel that makes a word of each pair of numbers.
  private static func numbers(
    _ name: String, _ body: @escaping @Sendable (Float, Float) -> UInt32
  ) -> DoubleKernel {
    DoubleKernel(name, of: "conformance-numbers", "bbu") { run in
      let (pairs, output, count) = (try run.buffer(), try run.buffer(), try run.count())
      try run.require(run.groups.x * run.groupSize.x >= count, "pairs are left out")
      let operands = try pairs.elements(2 * count, of: Float.self)
      let words = try output.elements(count, of: UInt32.self)
      for place in 0..<count { words[place] = body(operands[2 * place], operands[2 * place + 1]) }
    }
  }

  private static func arguments(_ run: KernelRun) throws {
    let output = try run.buffer().elements(6, of: UInt32.self)
    output[0] = UInt32(bitPattern: try run.int())
    output[1] = UInt32(try run.count())
    let wide = UInt64(try run.count())
    output[2] = UInt32(truncatingIfNeeded: wide)
    output[3] = UInt32(truncatingIfNeeded: wide >> 32)
    output[4] = try run.float().bitPattern
    output[5] = UInt32(try run.buffer().bytes(2).loadUnaligned(as: UInt16.self))
  }

  private static func grid(_ run: KernelRun) throws {
    let threads = run.groups.count * run.groupSize.count
    let output = try run.buffer().elements(threads, of: UInt32.self)
    for place in 0..<threads { output[place] &+= UInt32(place) + 1 }
  }

  private static func reverse(_ run: KernelRun) throws {
    try run.require(run.groupSize.x == 64, "the group is not of 64 threads")
    let data = try run.buffer().elements(run.groups.x * 64, of: UInt32.self)
    for group in stride(from: 0, to: data.count, by: 64) {
      let values = Array(data[group..<group + 64])
      for place in 0..<64 { data[group + place] = values[63 - place] }
    }
  }
}
