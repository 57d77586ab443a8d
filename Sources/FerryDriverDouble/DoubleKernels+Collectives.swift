import FerryDevices
import FerryFormats

extension DoubleKernels {
  /// The kernels by which the words of 32 threads are tested: 64 threads with six words each give four.
  static let collectives = [
    collective("lanes") { words, thread in
      let warp = thread & ~31
      let others = [thread ^ 5, warp + 7, thread ^ 16, warp + 31]
      return others.enumerated().map { words[6 * $1 + $0] }
    },
    collective("mma_f16") { words, thread in
      products(words, thread, perWord: 2) { half($0, $1) }.map { Float($0).bitPattern }
    },
    collective("mma_bf16") { words, thread in
      products(words, thread, perWord: 2) { bfloat($0, $1) }.map { Float($0).bitPattern }
    },
    collective("mma_s8") { words, thread in
      products(words, thread, perWord: 4) { byte($0, $1) }.map { UInt32(bitPattern: Int32($0)) }
    },
    collective("dot4") { words, thread in
      let (b, sum) = (words[6 * thread + 4], Int32(bitPattern: words[6 * thread + 5]))
      return (0..<4).map { register in
        let products = (0..<4).map { byte(words[6 * thread + register], $0) * byte(b, $0) }
        return UInt32(bitPattern: sum &+ Int32(products.reduce(0, +)))
      }
    },
    collective("tiles") { tiles($0, $1, isTransposed: false) },
    collective("tiles_transposed") { tiles($0, $1, isTransposed: true) },
    collective("copies") { words, thread in
      let pair = (0..<2).map { Float(bitPattern: words[6 * thread + $0]) }
      return [
        0, words[4 * (63 - thread) + 3],
        UInt32(Float16(pair[0]).bitPattern) | UInt32(Float16(pair[1]).bitPattern) << 16,
        UInt32(BFloat16(pair[0]).bitPattern) | UInt32(BFloat16(pair[1]).bitPattern) << 16,
      ]
    },
  ]

  /// A kernel that makes four words for each thread of all threads' six.
  private static func collective(
    _ name: String, _ body: @escaping @Sendable ([UInt32], Int) -> [UInt32]
  ) -> DoubleKernel {
    DoubleKernel(name, of: "conformance-collectives", "bb") { run in
      let (input, output) = (try run.buffer(), try run.buffer())
      try run.require(run.groups.count == 1 && run.groupSize.x == 64, "not one group of 64")
      let words = Array(try input.elements(6 * 64, of: UInt32.self))
      _ = try output.elements(4 * 64, of: UInt32.self)
        .update(from: (0..<64).flatMap { body(words, $0) })
    }
  }

  private static func half(_ word: UInt32, _ index: Int) -> Double {
    Double(Float16(bitPattern: UInt16(truncatingIfNeeded: word >> (16 * UInt32(index)))))
  }

  private static func bfloat(_ word: UInt32, _ index: Int) -> Double {
    let bits = UInt16(truncatingIfNeeded: word >> (16 * UInt32(index)))
    return Double(Float(BFloat16(bitPattern: bits)))
  }

  private static func byte(_ word: UInt32, _ index: Int) -> Int {
    Int(Int8(truncatingIfNeeded: word >> (8 * UInt32(index))))
  }

  /// A thread's four elements of d = i + a · b, where PTX's mma.m16n8k16 (k32 for bytes) puts them.
  ///
  /// Register i of a holds rows thread/4 + 8·(i mod 2) and the half i/2 of k, register i of b column
  /// thread/4 and the half i of k.
  private static func products<Value: Numeric>(
    _ words: [UInt32], _ thread: Int, perWord: Int, _ element: (UInt32, Int) -> Value
  ) -> [Value] {
    let (warp, lane) = (thread & ~31, thread & 31)
    let span = 4 * perWord
    return (0..<4).map { i in
      let (row, column) = (lane / 4 + 8 * (i / 2), 2 * (lane % 4) + i % 2)
      return (0..<2 * span).reduce(Value(exactly: i) ?? 0) { sum, k in
        let (part, word, place) = (k / span, k % span / perWord, k % perWord)
        let a = words[6 * (warp + 4 * (row % 8) + word) + row / 8 + 2 * part]
        let b = words[6 * (warp + 4 * column + word) + 4 + part]
        return sum + element(a, place) * element(b, place)
      }
    }
  }

  /// The words that a lane gets of four 8×8 tiles of 16-bit elements; row r of tile t is what thread
  /// 8·t + r of the warp points to.
  private static func tiles(_ words: [UInt32], _ thread: Int, isTransposed: Bool) -> [UInt32] {
    let (warp, lane) = (thread & ~31, thread & 31)
    return (0..<4).map { tile in
      (0..<2).reduce(UInt32(0)) { word, half in
        let (across, along) = (lane / 4, 2 * (lane % 4) + half)
        let (row, column) = isTransposed ? (along, across) : (across, along)
        let pair = words[6 * (warp + 8 * tile + row) + column / 2]
        return word | (pair >> (16 * UInt32(column % 2)) & 0xFFFF) << (16 * UInt32(half))
      }
    }
  }
}
