import Ferry
import FerryDevices
import FerryDriverDouble
import FerryFormats
import Foundation
import Testing

extension OnTheDouble {
  /// An encoder on the double's devices, through the public face: kernels that were compiled, by name, with
  /// arguments and grids that the double checks.
  @Suite struct CUDAEmbeddingTests {
    @Test(arguments: [nil] + TinyModelFolder.formats.map(Optional.some))
    func anEncoderEmbedsTheSameEverywhere(_ format: WeightFormat?) async throws {
      let folder = try TinyEncoderFolder()
      let path = try await folder.path(in: format)
      try await OnTheDouble.run {
        let model = try await CUDAMoveTests.engine().load(path)
        let vectors = try await model.embed(folder.texts).vectors
        for device in [Device.cuda(0), .cuda(1), .cpu] {
          try await model.to(device)
          for type in [ElementType.f32, .f16, .bf16] {
            let there = try await model.embed(folder.texts, activations: type)
            // LLM.int8 may round an activation to the next code, and 16 bits round them all.
            let bound: Float = type == .f32 ? (format == .int8Rows ? 5e-3 : 1e-5) : 0.1
            #expect(difference(there.vectors.flatMap(\.self), vectors.flatMap(\.self)) < bound)
          }
        }
      }
    }
  }
}

/// A BERT encoder of two layers in a folder of its own, plain and quantized; removed at the end.
private final class TinyEncoderFolder {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/Bert")

  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("ferry-double-\(UUID().uuidString)")
  let texts: [String]

  init() throws {
    let cases = try JSONSerialization.jsonObject(
      with: Data(contentsOf: Self.fixtures.appendingPathComponent("cases.json")))
    let alone = try #require((cases as? [[String: Any]])?.last)
    texts = try #require(alone["texts"] as? [String])
    let model = folder.appendingPathComponent("plain")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    for (source, name) in [
      (try #require(alone["weights"] as? String), "model.safetensors"), ("vocab.txt", "vocab.txt"),
    ] {
      try FileManager.default.copyItem(
        at: Self.fixtures.appendingPathComponent(source), to: model.appendingPathComponent(name))
    }
    let files = try #require(alone["files"] as? [String: Any])
    try JSONSerialization.data(withJSONObject: try #require(files["config.json"]))
      .write(to: model.appendingPathComponent("config.json"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The encoder in a format; nil: as it is.
  func path(in format: WeightFormat?) async throws -> String {
    let plain = folder.appendingPathComponent("plain").path
    guard let format else { return plain }
    let path = folder.appendingPathComponent("quantized").path
    _ = try await Engine(backends: [HostBackend()]).quantize(
      plain, to: path, options: QuantizationOptions(format: format))
    return path
  }
}
