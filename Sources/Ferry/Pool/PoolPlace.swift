import FerryResidency

/// Where the weights of a model are in a pool, which they do not keep alive.
struct PoolPlace: Sendable {
  /// What the pool holds of them on its device.
  let pages: PagedWeights
  /// The model's name in the pool.
  let name: String
  private(set) weak var pool: ResidencyPool?

  init(pages: PagedWeights, name: String, pool: ResidencyPool) {
    (self.pages, self.name, self.pool) = (pages, name, pool)
  }
}

extension ResidencyPool {
  /// Calls `body` with a lease of the weights at `place`.
  ///
  /// - Throws: ``ResidencyError/Code/unknownModel`` once they are not in the pool, whoever has their name then.
  nonisolated func lease<Value>(
    _ place: PoolPlace, _ body: () async throws -> Value
  ) async throws -> Value {
    try await withModel(place.name) { member in
      guard (member as? PooledMember)?.pages === place.pages else {
        throw ResidencyError(
          .unknownModel,
          "the model '\(place.name)' of the session has left its pool, and another has its name; open a session of that"
        )
      }
      return try await body()
    }
  }
}
