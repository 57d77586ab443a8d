import FerryResidency

/// What moves from one model to another and back where a tenth of both does not fit.
struct ReturnBench {
  private static let turns = 10

  /// After both came once, each change moves the tenth that is missing.
  func figures() async throws -> [Figure] {
    let (a, b) = (
      BytesOnPaper(segments: 50, of: 100 << 20), BytesOnPaper(segments: 50, of: 100 << 20)
    )
    let both = (a.segmentBytes + b.segmentBytes).reduce(0, +)
    let pool = ResidencyPool { _ in both * 9 / 10 }
    try await pool.register("a", a)
    try await pool.register("b", b)
    for name in ["a", "b"] { try await pool.withModel(name) { _ in } }
    let before = a.broughtBytes + b.broughtBytes
    for turn in 0..<Self.turns { try await pool.withModel(turn % 2 == 0 ? "a" : "b") { _ in } }
    let moved = a.broughtBytes + b.broughtBytes - before
    return [
      Figure(
        "bytes moved by a change between two models in room for 90 % of both, of the missing tenth",
        Double(moved) / Double(Self.turns * both / 10), "×", .atMost, 1)
    ]
  }
}
