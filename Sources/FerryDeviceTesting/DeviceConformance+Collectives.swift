import FerryDevices

extension DeviceConformance {
  /// The words that 32 threads of a group carry out together, against plain loops over the matrices.
  static let collectiveChecks: [DeviceCheck] = [
    DeviceCheck("lanes see each other's values") { context in
      let words = Fragments.numbers(6 * 64) { UInt32(truncatingIfNeeded: $0 >> 8) & 0x3FFF_FFFF }
      guard let found = try collect("lanes", words, context) else { return }
      for thread in 0..<64 {
        let warp = thread & ~31
        let lanes = [thread ^ 5, warp + 7, thread ^ 16, warp + 31]
        let expected = lanes.enumerated().map { words[6 * $1 + $0] }
        try require(
          Array(found[4 * thread..<4 * thread + 4]) == expected, "thread \(thread) saw others")
      }
    },
    DeviceCheck("a product of 16-bit tiles has the documented layout") { context in
      for (word, bits) in [("F16", halfBits), ("BF16", bfloatBits)] {
        let words = Fragments.numbers(6 * 64) {
          bits(Self.small($0)) | bits(Self.small($0 >> 9)) << 16
        }
        guard let found = try collect("mma_\(word.lowercased())", words, context) else { return }
        let value: (UInt32) -> Int = { Self.values(-4...4, bits)[$0 & 0xFFFF] ?? .max }
        let expected = Fragments(words, perWord: 2) { value($0 >> (16 * UInt32($1))) }.products()
        try require(
          found == expected.map { Float($0).bitPattern }, "MMA_\(word) gives another product")
      }
    },
    DeviceCheck("a product of tiles of signed bytes has the documented layout") { context in
      let words = Fragments.numbers(6 * 64) { UInt32(truncatingIfNeeded: $0) }
      guard let found = try collect("mma_s8", words, context) else { return }
      let expected = Fragments(words, perWord: 4) { Self.byte($0, $1) }.products()
      try require(
        found == expected.map { UInt32(bitPattern: Int32($0)) }, "MMA_S8 gives another product")
    },
    DeviceCheck("signed bytes are multiplied four at a time") { context in
      let words = Fragments.numbers(6 * 64) { UInt32(truncatingIfNeeded: $0) }
      guard let found = try collect("dot4", words, context) else { return }
      for thread in 0..<64 {
        for i in 0..<4 {
          let dot = (0..<4).reduce(0) {
            $0 + Self.byte(words[6 * thread + i], $1) * Self.byte(words[6 * thread + 4], $1)
          }
          let sum = Int32(bitPattern: words[6 * thread + 5]) &+ Int32(dot)
          try require(found[4 * thread + i] == UInt32(bitPattern: sum), "thread \(thread): \(sum)")
        }
      }
    },
    DeviceCheck("tiles come from local memory, as they are and transposed") { context in
      for transposed in [false, true] {
        let words = Fragments.numbers(6 * 64) { UInt32(truncatingIfNeeded: $0) }
        guard let found = try collect(transposed ? "tiles_transposed" : "tiles", words, context)
        else { return }
        try require(found == Fragments.tiles(words, transposed), "transposed: \(transposed)")
      }
    },
    DeviceCheck("sixteen bytes are copied and loaded, floats are packed") { context in
      let words = Fragments.numbers(6 * 64) { UInt32(truncatingIfNeeded: $0 >> 8) & 0x3FFF_FFFF }
      guard let found = try collect("copies", words, context) else { return }
      for thread in 0..<64 {
        let pair = (0..<2).map { Float(bitPattern: words[6 * thread + $0]) }
        let expected = [
          0, words[4 * (63 - thread) + 3], halfBits(pair[0]) | halfBits(pair[1]) << 16,
          bfloatBits(pair[0]) | bfloatBits(pair[1]) << 16,
        ]
        try require(
          Array(found[4 * thread..<4 * thread + 4]) == expected, "thread \(thread): \(expected)")
      }
    },
  ]

  /// The four words of each of 64 threads that a kernel of collectives.cl makes of their six; nil for
  /// a device that has no such words.
  private static func collect(
    _ name: String, _ words: [UInt32], _ context: DeviceContext
  ) throws -> [UInt32]? {
    let backend = context.backend
    guard backend.limits.hasMatrixUnits || backend.device.backend == .opencl else { return nil }
    let program = KernelProgram.conformance("collectives")
    guard let kernel = try kernel(name, in: program, of: context) else { return nil }
    let input = try TestWords.upload(words, to: context)
    let output = try context.allocate(byteCount: 4 * 4 * 64)
    try context.compute.launch(
      kernel, groups: GridSize(1), groupSize: GridSize(64),
      [.buffer(input.view), .buffer(output.view)])
    return try TestWords.read(output.view, in: context)
  }

  private static func small(_ bits: UInt64) -> Float { Float(Int(bits >> 20 & 7) - 4) }
  private static func halfBits(_ value: Float) -> UInt32 { UInt32(Float16(value).bitPattern) }

  /// The bfloat16 nearest to a number.
  private static func bfloatBits(_ value: Float) -> UInt32 {
    (value.bitPattern &+ 0x7FFF &+ (value.bitPattern >> 16 & 1)) >> 16
  }

  private static func byte(_ word: UInt32, _ index: Int) -> Int {
    Int(Int8(truncatingIfNeeded: word >> (8 * UInt32(index))))
  }

  /// Whole numbers by the bits of their 16-bit encoding.
  private static func values(
    _ range: ClosedRange<Int>, _ bits: (Float) -> UInt32
  ) -> [UInt32: Int] {
    Dictionary(uniqueKeysWithValues: range.map { (bits(Float($0)), $0) })
  }
}

/// The six words of each thread's fragments, as two matrices a warp.
private struct Fragments {
  private let words: [UInt32]
  private let perWord: Int
  private let element: (UInt32, Int) -> Int

  /// Fragments whose words hold `perWord` numbers each.
  init(_ words: [UInt32], perWord: Int, element: @escaping (UInt32, Int) -> Int) {
    self.words = words
    self.perWord = perWord
    self.element = element
  }

  /// The word of a thread, and of the four registers of a, then the two of b.
  private func number(_ thread: Int, _ register: Int, _ index: Int) -> Int {
    element(words[6 * thread + register], index)
  }

  /// Row `row` of a, column `column` of b, along k: where PTX puts them.
  private func a(_ warp: Int, _ row: Int, _ k: Int) -> Int {
    let (part, place) = (k / (4 * perWord), k % (4 * perWord))
    let thread = 32 * warp + 4 * (row % 8) + place / perWord
    return number(thread, row / 8 + 2 * part, place % perWord)
  }

  private func b(_ warp: Int, _ column: Int, _ k: Int) -> Int {
    let (part, place) = (k / (4 * perWord), k % (4 * perWord))
    return number(32 * warp + 4 * column + place / perWord, 4 + part, place % perWord)
  }

  /// The result's four words of each thread: i + (a · b) at its place.
  func products() -> [Int] {
    (0..<words.count / 6).flatMap { thread in
      (0..<4).map { i in
        let (row, column) = (thread % 32 / 4 + 8 * (i / 2), 2 * (thread % 4) + i % 2)
        return (0..<8 * perWord).reduce(i) {
          $0 + a(thread / 32, row, $1) * b(thread / 32, column, $1)
        }
      }
    }
  }

  /// What lanes take from four tiles whose rows are the first four words of each thread.
  static func tiles(_ words: [UInt32], _ transposed: Bool) -> [UInt32] {
    (0..<64).flatMap { thread in
      (0..<4).map { tile in
        (0..<2).reduce(UInt32(0)) { word, half in
          let (across, along) = (thread % 32 / 4, 2 * (thread % 4) + half)
          let (row, column) = transposed ? (along, across) : (across, along)
          let pair = words[6 * (thread / 32 * 32 + 8 * tile + row) + column / 2]
          return word | (pair >> (16 * UInt32(column % 2)) & 0xFFFF) << (16 * UInt32(half))
        }
      }
    }
  }

  /// `count` words made of the same random numbers every time.
  static func numbers(_ count: Int, _ word: (UInt64) -> UInt32) -> [UInt32] {
    (0..<count).map { word(Checksum.mix(UInt64($0) + 77)) }
  }
}
