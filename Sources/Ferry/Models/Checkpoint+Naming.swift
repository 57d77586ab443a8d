import FerryCheckpoints
import FerryModels

extension Checkpoint {
  /// What `body` makes of this checkpoint; an error of a model that does not say which one it is about gets
  /// the path in front.
  func naming<Value>(_ body: (Checkpoint) throws -> Value) throws -> Value {
    do {
      return try body(self)
    } catch let error as ModelError where !error.message.contains(path) {
      throw ModelError(error.code, "\(path): \(error.message)")
    }
  }
}
