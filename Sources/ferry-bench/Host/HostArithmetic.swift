import CRoofs
import FerryOperations

/// A loop that only multiplies and adds in registers.
enum HostArithmetic: Int32, CaseIterable {
  case f32Lanes4, f32Lanes8, f32Lanes16, bf16, int8

  /// What is multiplied.
  enum Numbers { case f32, bf16, int8 }

  /// What the loop multiplies.
  var numbers: Numbers {
    switch self {
    case .f32Lanes4, .f32Lanes8, .f32Lanes16: .f32
    case .bf16: .bf16
    case .int8: .int8
    }
  }

  /// Those that the processor has instructions for.
  static var available: [HostArithmetic] { allCases.filter { ferry_roof_exists($0.rawValue) != 0 } }

  /// The name in figures.
  var name: String {
    switch self {
    case .f32Lanes4: "arithmetic of the host, f32 in 4 lanes"
    case .f32Lanes8: "arithmetic of the host, f32 in 8 lanes"
    case .f32Lanes16: "arithmetic of the host, f32 in 16 lanes"
    case .bf16: "arithmetic of the host, bf16 dot products"
    case .int8: "arithmetic of the host, 8-bit dot products"
    }
  }

  /// Operations a second of all threads together.
  func rate(of pool: ThreadPool, rounds: Int) -> Double {
    let turns: Int64 = 200_000
    let operations = ferry_roof_arithmetic(rawValue, 1) * turns * Int64(pool.threadCount)
    let seconds = Stopwatch.best(of: rounds) {
      pool.run(pieces: pool.threadCount) { _ in _ = ferry_roof_arithmetic(rawValue, turns) }
    }
    return Double(operations) / seconds
  }
}
