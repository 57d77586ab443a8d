import FerryCheckpoints
import FerryDeviceTesting
import FerryImages
import FerryModels
import Foundation
import Testing

/// Real-ESRGAN's published networks against PyTorch, and against the ncnn package that they come from:
/// `Scripts/fixtures/realesrgan.py` makes the references.
///
/// They are in the folder `realesrgan` of the one that FERRY_TEST_WEIGHTS names.
@Suite(
  .enabled(if: RealESRGANWeights.areHere, "needs FERRY_TEST_WEIGHTS with realesrgan in it"),
  .enabled(if: RealESRGANFixture.isReadable, "needs libpng"), .serialized)
struct RealESRGANWeightsTests {
  @Test("as PyTorch to 60 dB, as the ncnn package to 40 dB", arguments: RealESRGANWeights.names)
  func agrees(_ name: String) async throws {
    let picture = try RealESRGANFixture.image("picture.png")
    let image = name.hasPrefix("realesrgan") ? picture.part(x: 8..<40, y: 8..<40) : picture
    for engine in RealESRGANWeights.engines {
      let result = try await RealESRGANFixture.withUpscaler(
        RealESRGANWeights.path(name), on: engine
      ) { try await $0.upscale(image).image }
      let torch = result.distance(to: try RealESRGANFixture.image("\(name).torch.png"))
      let ncnn = result.distance(to: try RealESRGANFixture.image("\(name).ncnn.png"))
      #expect(torch >= 60, "\(engine.device)")
      #expect(ncnn >= 40, "\(engine.device)")
    }
  }

  @Test("tiles of a published compact network leave no seam")
  func tilesAreSeamless() async throws {
    let image = try RealESRGANFixture.image("picture.png")
    let engine = try #require(RealESRGANWeights.engines.first)
    let path = RealESRGANWeights.path("realesr-animevideov3-x4")
    let (whole, tiled) = try await RealESRGANFixture.withUpscaler(path, on: engine) {
      (try await $0.upscale(image), try await $0.upscale(image, Upscaler.Options(tileSide: 32)))
    }
    #expect(tiled.tileCount == 4)
    #expect(whole.image.largestDifference(to: tiled.image) <= 1)
    #expect(whole.image.distance(to: tiled.image) >= 80)
  }
}

/// The published networks.
enum RealESRGANWeights {
  static let names = [
    "realesr-animevideov3-x2", "realesr-animevideov3-x3", "realesr-animevideov3-x4",
    "realesrgan-x4plus-anime", "realesrgan-x4plus",
  ]

  private static let folder = ProcessInfo.processInfo.environment["FERRY_TEST_WEIGHTS"]

  static let areHere = names.allSatisfy { FileManager.default.fileExists(atPath: path($0)) }

  static func path(_ name: String) -> String { "\(folder ?? "")/realesrgan/\(name).param" }

  /// The host, and the first device besides.
  static let engines: [LlamaAgreementTests.Engine] =
    TestDevices.available.prefix(2).compactMap { device in
      LlamaAgreementTests.Engine.all.dropFirst().first { $0.device == device }
    }
}
