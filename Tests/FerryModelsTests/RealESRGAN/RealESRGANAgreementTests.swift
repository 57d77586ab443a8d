import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryImages
import FerryModels
import Foundation
import Testing

/// Tiny networks of both kinds against PyTorch, on every device.
@Suite(.enabled(if: RealESRGANFixture.isReadable, "needs libpng"))
struct RealESRGANAgreementTests {
  typealias Engine = LlamaAgreementTests.Engine

  @Test(
    "as PyTorch, to 60 dB",
    arguments: [
      ("compact.safetensors", "compact"), ("compact-f32.param", "compact"),
      ("compact-f16-x2.param", "compact-f16-x2"), ("dense-x4.safetensors", "dense-x4"),
      ("dense-x2.safetensors", "dense-x2"),
    ], Engine.all)
  func agrees(_ files: (weights: String, result: String), _ engine: Engine) async throws {
    let image = try RealESRGANFixture.image("tiny.png")
    let expected = try RealESRGANFixture.image("\(files.result).png")
    let result = try await RealESRGANFixture.withUpscaler(
      RealESRGANFixture.path(files.weights), on: engine
    ) { try await $0.upscale(image) }
    #expect(result.image.distance(to: expected) >= 60)
    #expect(result.tileCount == 1)
  }

  @Test("f16 activations to 55 dB, bf16 to 36 dB", arguments: [ElementType.f16, .bf16])
  func agreesInSixteenBits(_ type: ElementType) async throws {
    let image = try RealESRGANFixture.image("tiny.png")
    for name in ["compact", "dense-x4"] {
      let expected = try RealESRGANFixture.image("\(name).png")
      for engine in Engine.all.dropFirst() {
        let result = try await RealESRGANFixture.withUpscaler(
          RealESRGANFixture.path("\(name).safetensors"), on: engine
        ) { try await $0.upscale(image, Upscaler.Options(elementType: type)) }
        let bound: Double = type == .f16 ? 55 : 36
        #expect(result.image.distance(to: expected) >= bound, "\(name) on \(engine.device)")
      }
    }
  }

  /// On the host, sums are rounded by the place in a tile of 4 × 4 pixels, which tiles of an image do not keep.
  @Test(
    "tiles of a compact network leave no seam",
    arguments: TestDevices.available.prefix(2).map { device in
      Engine.all.first { $0.device == device && $0.testDescription != "reference" }
    })
  func compactTilesAreSeamless(_ engine: Engine?) async throws {
    let image = try RealESRGANFixture.image("picture.png")
    let path = RealESRGANFixture.path("compact.safetensors")
    let engine = try #require(engine)
    let (whole, tiled) = try await RealESRGANFixture.withUpscaler(path, on: engine) {
      (try await $0.upscale(image), try await $0.upscale(image, Upscaler.Options(tileSide: 32)))
    }
    #expect(whole.tileCount == 1 && tiled.tileCount == 4)
    #expect(whole.image == tiled.image || engine.device == .cpu)
    #expect(whole.image.largestDifference(to: tiled.image) <= 1)
    #expect(whole.image.distance(to: tiled.image) >= 80)
  }

  @Test("tiles of a dense network, to 45 dB")
  func denseTilesAreClose() async throws {
    let image = try RealESRGANFixture.image("picture.png")
    for name in ["dense-x4.safetensors", "dense-x2.safetensors"] {
      let path = RealESRGANFixture.path(name)
      let engine = try #require(Engine.all.first { $0.testDescription == "cpu" })
      let (whole, tiled) = try await RealESRGANFixture.withUpscaler(path, on: engine) {
        (try await $0.upscale(image), try await $0.upscale(image, Upscaler.Options(tileSide: 32)))
      }
      #expect(tiled.tileCount == 4)
      #expect(whole.image.distance(to: tiled.image) >= 45, "\(name)")
    }
  }

  @Test func imagesOfAnySizeAreEnlarged() async throws {
    let picture = try RealESRGANFixture.image("picture.png")
    let engine = try #require(Engine.all.first { $0.testDescription == "cpu" })
    for (width, height) in [(1, 1), (2, 5), (7, 3), (33, 1)] {
      let image = picture.part(x: 0..<width, y: 0..<height)
      for (name, scale) in [("compact.safetensors", 4), ("dense-x2.safetensors", 2)] {
        let result = try await RealESRGANFixture.withUpscaler(
          RealESRGANFixture.path(name), on: engine
        ) { try await $0.upscale(image).image }
        #expect(result.width == width * scale && result.height == height * scale)
      }
    }
  }

  @Test func alphaIsEnlargedByItself() async throws {
    let picture = try RealESRGANFixture.image("tiny.png")
    let engine = try #require(Engine.all.first { $0.testDescription == "cpu" })
    var samples: [UInt8] = []
    for pixel in 0..<picture.width * picture.height {
      samples += picture.samples[3 * pixel..<3 * pixel + 3] + [pixel % 40 < 20 ? 40 : 220]
    }
    let image = Image(width: 40, height: 30, channels: 4, samples: samples)
    let (opaque, result) = try await RealESRGANFixture.withUpscaler(
      RealESRGANFixture.path("compact.safetensors"), on: engine
    ) { (try await $0.upscale(picture).image, try await $0.upscale(image).image) }
    #expect(result.channels == 4)
    let colors = (0..<result.width * result.height).flatMap {
      result.samples[4 * $0..<4 * $0 + 3]
    }
    #expect(colors == opaque.samples)
    let alpha = (0..<result.width).map { result.samples[(60 * result.width + $0) * 4 + 3] }
    #expect(alpha[..<70].allSatisfy { $0 == 40 } && alpha[90...].allSatisfy { $0 == 220 })
    // Cubic: it goes beyond both values beside the edge.
    #expect(alpha[70..<80].contains { $0 < 40 } && alpha[80..<90].contains { $0 > 220 })
  }

  /// A gray picture stays gray and 16 bits stay, and either is what the plain RGB picture becomes.
  @Test(arguments: [nil, 3] as [Int?]) func grayAndSixteenBitsStay(_ scale: Int?) async throws {
    let engine = try #require(Engine.all.first { $0.testDescription == "cpu" })
    let gray = (0..<64).map { UInt8(40 + 2 * $0) }
    let wide = gray.flatMap { value in
      withUnsafeBytes(of: UInt16(value) * 257) { Array($0) }
    }
    let images = [
      Image(width: 8, height: 8, channels: 3, samples: gray.flatMap { [$0, $0, $0] }),
      Image(width: 8, height: 8, channels: 1, samples: gray),
      Image(width: 8, height: 8, channels: 1, bitDepth: 16, samples: wide),
      Image(
        width: 8, height: 8, channels: 4, bitDepth: 16,
        samples: gray.flatMap { [$0, $0, $0, $0, $0, $0, 255, 255] }),
    ]
    let results = try await RealESRGANFixture.withUpscaler(
      RealESRGANFixture.path("compact.safetensors"), on: engine
    ) { model in
      var results: [Image] = []
      for image in images {
        results.append(try await model.upscale(image, .init(scale: scale)).image)
      }
      return results
    }
    for (image, result) in zip(images, results) {
      #expect(result.channels == image.channels && result.bitDepth == image.bitDepth)
      for (x, y) in [(0, 0), (7, 3), (result.width - 1, result.height - 1)] {
        let plain = (0..<3).map { results[0].value($0, x: x, y: y) }
        let expected =
          image.channels < 3
          ? [0.299 * plain[0] + 0.587 * plain[1] + 0.114 * plain[2]] : plain
        for (channel, expected) in expected.enumerated() {
          #expect(abs(result.value(channel, x: x, y: y) - expected) < 1.01 / 255)
        }
      }
      if image.hasAlpha { #expect(result.value(3, x: 9, y: 9) == 1) }
    }
    // Sixteen bits tell more than eight.
    #expect(Set(results[2].samples.chunked(2)).count > Set(results[1].samples).count)
  }

  @Test func aCancelledTaskEndsBetweenTiles() async throws {
    let image = try RealESRGANFixture.image("picture.png")
    let engine = try #require(Engine.all.first { $0.testDescription == "cpu" })
    let task = Task {
      try await RealESRGANFixture.withUpscaler(
        RealESRGANFixture.path("compact.safetensors"), on: engine
      ) { upscaler in
        _ = try await upscaler.upscale(image, Upscaler.Options(tileSide: 32)) { done, _ in
          if done == 2 { withUnsafeCurrentTask { $0?.cancel() } }
          #expect(done <= 2)
        }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

extension [UInt8] {
  /// Pieces of so many bytes.
  fileprivate func chunked(_ count: Int) -> [ArraySlice<UInt8>] {
    stride(from: 0, to: self.count, by: count).map { self[$0..<$0 + count] }
  }
}
