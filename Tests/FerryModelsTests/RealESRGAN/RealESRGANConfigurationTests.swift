import FerryCheckpoints
import FerryDevices
import FerryFormats
import FerryModels
import FerryTensors
import Foundation
import Testing

/// What a network is taken for by its weights' names and shapes.
@Suite struct RealESRGANConfigurationTests {
  @Test(
    arguments: [
      (
        "compact.safetensors",
        RealESRGANConfiguration.Network.compact(features: 8, convolutions: 4, scale: 4), "", nil
      ),
      ("compact-f16-x2.param", .compact(features: 8, convolutions: 4, scale: 4), "", 2),
      (
        "dense-x4.safetensors", .dense(features: 8, growth: 4, blocks: 1, folding: 1),
        "params_ema.", nil
      ),
      (
        "dense-x2.safetensors", .dense(features: 8, growth: 4, blocks: 1, folding: 2),
        "params_ema.", nil
      ),
    ] as [(String, RealESRGANConfiguration.Network, String, Int?)])
  func networksAreRecognised(
    _ file: String, _ network: RealESRGANConfiguration.Network, _ prefix: String, _ scale: Int?
  ) throws {
    let source = try SourceWeights(Checkpoint(path: RealESRGANFixture.path(file)))
    let blueprint = try #require(source.blueprint as? RealESRGANBlueprint)
    #expect(blueprint.configuration.network == network)
    #expect(blueprint.configuration.prefix == prefix)
    #expect(blueprint.configuration.outputScale == scale)
    try source.checkCompleteness()
  }

  @Test func segmentsFollowTheForwardPass() throws {
    let source = try SourceWeights(
      Checkpoint(path: RealESRGANFixture.path("dense-x4.safetensors")))
    let segments = try #require(source.blueprint?.segments)
    #expect(segments.map(\.name) == ["conv_first", "body.0", "tail"])
    #expect(segments[1].weights.count == 30)
    #expect(segments[2].weights.last?.names == ["params_ema.conv_last.bias"])
  }

  @Test func ncnnLayersGetPyTorchsNames() throws {
    let host = try DeviceContext(HostBackend())
    let one = try ModelLoader.load(
      Checkpoint(path: RealESRGANFixture.path("compact-f32.param")), on: host)
    let other = try ModelLoader.load(
      Checkpoint(path: RealESRGANFixture.path("compact.safetensors")), on: host)
    #expect(
      one.image.layout.entries.map(\.name) == other.image.layout.entries.map(\.name))
  }

  @Test(arguments: [
    ("0=48", "0=36"), ("4=1", "4=0"), ("1=3 ", "1=5 "), ("PixelShuffle", "Concat"),
    ("0=1 1=4.000000e+00", "0=2 1=4.000000e+00"), ("0=4", "0=2"), ("BinaryOp", "Concat"),
  ])
  func otherGraphsAreRefused(_ change: (from: String, to: String)) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try String(
      contentsOfFile: RealESRGANFixture.path("compact-f32.param"), encoding: .utf8)
    #expect(text.contains(change.from))
    let changed = text.replacingOccurrences(of: change.from, with: change.to)
    try changed.write(
      to: folder.appending(path: "net.param"), atomically: true, encoding: .utf8)
    try FileManager.default.copyItem(
      atPath: RealESRGANFixture.path("compact-f32.bin"),
      toPath: folder.appending(path: "net.bin").path)
    #expect(throws: (any Error).self) {
      try SourceWeights(Checkpoint(path: folder.appending(path: "net.param").path))
    }
  }

  @Test func aNetworkContinuesNoText() throws {
    let host = try DeviceContext(HostBackend())
    let loaded = try ModelLoader.load(
      Checkpoint(path: RealESRGANFixture.path("compact.safetensors")), on: host)
    let error = try #require(throws: ModelError.self) { try loaded.makeModel() }
    #expect(error.message.contains("ferry upscale"))
  }
}
