import FerryResidency
import Synchronization

extension ModelPool {
  /// Opens a conversation with a model of the pool, as ``Model/openSession(system:options:)`` does. Each turn is a lease;
  /// between turns the model and the cache leave the device if others need it.
  ///
  /// - Throws: ``ResidencyError/Code/unknownModel``; ``FerryError/Code/badArgument`` for a network that knows no texts.
  public func openSession(
    _ name: String, system: String? = nil, options: GenerationOptions = GenerationOptions()
  ) async throws -> ModelSession {
    // An unknown name is an error here.
    _ = try await pool.residentBytes(of: name)
    guard case .model(let model) = members.withLock({ $0[name]?.content }) else {
      throw FerryError(.badArgument, "'\(name)' knows no texts; sessions are for language models")
    }
    return try model.openSession(system: system, options: options)
  }
}
