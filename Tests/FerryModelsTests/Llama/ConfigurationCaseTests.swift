import FerryCheckpoints
import FerryDevices
import FerryModels
import FerryOperations
import Foundation
import Testing

/// Right logits or a refusal: configurations of every kind, with what transformers computes of them
/// (`Scripts/fixtures/configurations.py`).
@Suite struct ConfigurationCaseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// "runs", "refused", "same" (as one section of rope_parameters for all layers), or empty: either.
    let wish: String
    let weights: URL
    let configuration: Data
    /// Of the last position; nil where transformers fails or contradicts itself.
    let logits: [Float]?
  }

  static let folder = LlamaFixture.folder.deletingLastPathComponent()
    .appending(path: "Configurations")

  static let tokens: [Int] = [13, 59, 42, 17, 40, 16, 86, 68, 77, 90, 5, 21, 76, 8]

  static let cases: [Case] = {
    guard let data = try? Data(contentsOf: folder.appending(path: "cases.json")),
      let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else { return [] }
    return list.compactMap { entry in
      guard let name = entry["name"] as? String, let wish = entry["wish"] as? String,
        let file = entry["weights"] as? String, let config = entry["config"],
        let data = try? JSONSerialization.data(withJSONObject: config)
      else { return nil }
      return Case(
        testDescription: name, wish: wish, weights: LlamaFixture.folder.appending(path: file),
        configuration: data, logits: (entry["logits"] as? [Double])?.map { Float($0) })
    }
  }()

  @Test func casesAreThere() { #expect(Self.cases.count >= 200) }

  @Test(arguments: cases)
  func theLogitsAreTheReferencesOrTheModelIsRefused(_ example: Case) async throws {
    let folder = try TemporaryModelFolder(
      configuration: example.configuration, weights: example.weights)
    let host = try DeviceContext(HostBackend())
    let model: LoadedModel
    do {
      model = try ModelLoader.load(Checkpoint(path: folder.url.path), on: host)
    } catch let error as ModelError {
      #expect(example.wish == "refused" || example.wish.isEmpty, "\(error)")
      return
    }
    let expected = try #require(
      example.logits, "transformers has no result, and Ferry computes one")
    let weights = try FixedWeights(uploading: model.image, to: host)
    defer { weights.detachAll() }
    let session = try Session(model.makeModel().language(), weights: weights) {
      ReferenceOperations(context: $0)
    }
    // In steps, so that windows and dynamic scaling see a cache.
    _ = try await session.advance(Array(Self.tokens.prefix(10)))
    let logits = try await session.advance(Array(Self.tokens.dropFirst(10)))
    #expect(example.wish != "refused")
    #expect(logits.error(to: expected) <= 1e-5)
  }
}
