import FerryDevices

extension DeviceConformance {
  /// The dialect's arithmetic, bit for bit against the host's.
  static let numberChecks: [DeviceCheck] = [
    DeviceCheck("division is correctly rounded") { try checkDivision($0, [:]) },
    DeviceCheck("the dialect's own division is correctly rounded") {
      try checkDivision($0, ["FERRY_INTEGER_DIVISION": "1"])
    },
    DeviceCheck("a product and a sum are two roundings") { context in
      let pairs = (1..<200).map { step -> (Float, Float) in
        let part = Float(step) / 8192
        return (1 + part, 1 - 2 * part)
      }
      guard let residues = try results("residues", of: pairs, context) else { return }
      try require(residues.allSatisfy { Float(bitPattern: $0) == 0 }, "they were contracted")
      guard let sums = try results("products_less_one", of: pairs, context) else { return }
      for (pair, sum) in zip(pairs, sums) {
        let product = pair.0 * pair.1
        try require(sum == (product - 1).bitPattern, "\(pair) was contracted")
      }
    },
    DeviceCheck("half precision converts as IEEE 754 does") { context in
      let halves = (0..<UInt32(65_536)).map { bits -> (Float, Float) in
        (Float(bitPattern: bits), 0)
      }
      guard let floats = try results("halves", of: halves, context) else { return }
      for (bits, float) in floats.enumerated() {
        let expected = Float(Float16(bitPattern: UInt16(bits)))
        try require(
          expected.bitPattern == float || (expected.isNaN && Float(bitPattern: float).isNaN),
          "half \(bits) is \(Float(bitPattern: float)), not \(expected)")
      }
    },
    DeviceCheck("rounding to half and bfloat16 is to nearest, ties to even") { context in
      let pairs = operands + ties
      guard let words = try results("roundings", of: pairs, context) else { return }
      for (pair, word) in zip(pairs, words) where !pair.0.isNaN {
        let half = Float16(pair.0).bitPattern
        try require(UInt16(truncatingIfNeeded: word) == half, "\(pair.0) becomes another half")
        try require(UInt16(word >> 16) == upper(pair.0), "\(pair.0) becomes another bfloat16")
      }
    },
    DeviceCheck("bfloat16 keeps NaN") { context in
      let pairs = [(Float(bitPattern: 0x7F80_0001), Float(0)), (Float.nan, Float(0))]
      guard let words = try results("bfloats", of: pairs, context) else { return }
      try require(words.allSatisfy { Float(bitPattern: $0).isNaN }, "it became a number")
    },
  ]

  private static func checkDivision(
    _ context: DeviceContext, _ defines: [String: String]
  ) throws {
    let pairs = operands
    guard let quotients = try results("quotients", of: pairs, context, defines: defines) else {
      return
    }
    for (pair, bits) in zip(pairs, quotients) {
      let (quotient, expected) = (Float(bitPattern: bits), pair.0 / pair.1)
      try require(
        bits == expected.bitPattern || (expected.isNaN && quotient.isNaN),
        "\(pair.0) / \(pair.1) is \(quotient), not \(expected)")
    }
  }

  /// The bfloat16 nearest to a number.
  private static func upper(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let odd = (bits >> 16) & 1
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ odd) >> 16)
  }

  /// Floats of every kind: random bits, subnormals, near-equal pairs, zeros and infinities.
  private static var operands: [(Float, Float)] {
    let specials: [Float] = [
      0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 65504, 65520, 3,
    ]
    let masks: [(and: UInt32, or: UInt32)] = [
      (0xFFFF_FFFF, 0), (0x807F_FFFF, 0), (0x80FF_FFFF, 0x3F00_0000), (0x80FF_FFFF, 0x3800_0000),
    ]
    var pairs = specials.flatMap { a in specials.map { b -> (Float, Float) in (a, b) } }
    for round in 0..<2000 {
      let bits = Checksum.mix(UInt64(round) + 12)
      let (m, n) = (masks[round % 4], masks[round / 4 % 4])
      let a = UInt32(truncatingIfNeeded: bits) & m.and | m.or
      let b = UInt32(truncatingIfNeeded: bits >> 32) & n.and | n.or
      pairs.append((Float(bitPattern: a), Float(bitPattern: b)))
    }
    return pairs
  }

  /// Floats halfway between two halves, and their neighbours.
  private static var ties: [(Float, Float)] {
    (0..<UInt16(600)).flatMap { step -> [(Float, Float)] in
      let bits: UInt16 = step * 52
      let low = Float(Float16(bitPattern: bits))
      let high = Float(Float16(bitPattern: bits + 1))
      let middle = (low + high) / 2
      return [(middle, 0), (middle.nextUp, 0), (-middle.nextDown, 0)]
    }
  }

  /// What a kernel of numbers.cl gives for each pair; nil for a device that runs no kernels.
  private static func results(
    _ name: String, of pairs: [(Float, Float)], _ context: DeviceContext,
    defines: [String: String] = [:]
  ) throws -> [UInt32]? {
    let program = KernelProgram.conformance("numbers", defines)
    guard let kernel = try kernel(name, in: program, of: context) else { return nil }
    let words = pairs.flatMap { [$0.0.bitPattern, $0.1.bitPattern] }
    let input = try TestWords.upload(words, to: context)
    let output = try context.allocate(byteCount: pairs.count * 4)
    try context.compute.launch(
      kernel, groups: GridSize((pairs.count + 63) / 64), groupSize: GridSize(64),
      [.buffer(input.view), .buffer(output.view), .uint32(UInt32(pairs.count))])
    return try TestWords.read(output.view, in: context)
  }
}
