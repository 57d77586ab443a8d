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
    let before = try SavedTensor.all(in: original)
    let after = try SavedTensor.all(in: folder("saved.safetensors"))
    #expect(before.keys == after.keys || Set(before.keys) == Set(after.keys))
    for (key, value) in before { #expect(after[key] == value, "\(key)") }
  }
}
