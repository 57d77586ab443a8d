extension [Figure] {
  /// The figures of one measurement; where it fails, one that says so under `name`, and others go on.
  static func attempting(
    _ name: String, _ unit: String = "", _ direction: Figure.Direction = .atLeast,
    _ limit: Double? = nil, _ measure: () throws -> [Figure]
  ) -> [Figure] {
    do {
      return try measure()
    } catch {
      return [Figure(name, unmeasured: "\(error)", unit, direction, limit)]
    }
  }

  /// The same for what is asynchronous.
  static func attempting(
    _ name: String, _ unit: String = "", _ direction: Figure.Direction = .atLeast,
    _ limit: Double? = nil, _ measure: () async throws -> [Figure]
  ) async -> [Figure] {
    do {
      return try await measure()
    } catch {
      return [Figure(name, unmeasured: "\(error)", unit, direction, limit)]
    }
  }
}
