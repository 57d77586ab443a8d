import Ferry
import Foundation
import Testing

/// What is saved is what was loaded, whoever wrote it.
@Suite struct SavingTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/Llama")

  @Test(arguments: [
    "llama-nf4", "llama-nf4-nested", "llama-fp4", "llama-int8", "llama-nf4-bf16-storage",
  ])
  func everyTensorOfAForeignCheckpointKeepsItsBytes(_ name: String) async throws {
    let folder = try TestFolder()
    let original = Self.fixtures.appendingPathComponent("\(name).safetensors").path
    let weights = try await Engine().loadWeights(original)
    try await weights.save(to: folder("saved.safetensors"))
    let (before, after) = (try tensors(original), try tensors(folder("saved.safetensors")))
    #expect(before.keys == after.keys || Set(before.keys) == Set(after.keys))
    for (key, value) in before { #expect(after[key] == value, "\(key)") }
  }

  /// Name → type, shape and bytes, read by another parser than Ferry's.
  private func tensors(_ path: String) throws -> [String: Tensor] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length])
    var tensors: [String: Tensor] = [:]
    for (name, value) in try #require(header as? [String: Any]) where name != "__metadata__" {
      let entry = try #require(value as? [String: Any])
      let offsets = try #require(entry["data_offsets"] as? [Int])
      tensors[name] = Tensor(
        type: try #require(entry["dtype"] as? String),
        shape: try #require(entry["shape"] as? [Int]),
        bytes: data[(8 + length + offsets[0])..<(8 + length + offsets[1])])
    }
    return tensors
  }

  private struct Tensor: Equatable {
    let type: String
    let shape: [Int]
    let bytes: Data
  }
}
