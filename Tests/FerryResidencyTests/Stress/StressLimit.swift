import FoundationEssentials

/// When a stress run ends, and how long it may be: FERRY_STRESS_SECONDS and FERRY_STRESS_SWAPS say.
enum StressLimit: Sendable {
  case seconds(Double)
  case swaps(Int)

  /// For how long tasks ask at random, in all: minutes where somebody looks for what is rare.
  static let seconds = Double(variable("FERRY_STRESS_SECONDS") ?? "") ?? 4

  /// How many swaps are made to fail or to succeed with every byte compared.
  static let swaps = Int(variable("FERRY_STRESS_SWAPS") ?? "") ?? 300

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}
