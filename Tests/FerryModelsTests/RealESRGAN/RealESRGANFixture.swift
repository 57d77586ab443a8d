import FerryCheckpoints
import FerryDeviceTesting
import FerryDevices
import FerryImages
import FerryModels
import FerryOperations
import FerryTensors
import Foundation
import Testing

/// Networks, images, and what PyTorch makes of them; `Scripts/fixtures/realesrgan.py` makes them.
enum RealESRGANFixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/RealESRGAN")

  /// Whether the system has libpng.
  static let isReadable = (try? PNG()) != nil

  /// The path of a file.
  static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// A picture of the fixtures.
  static func image(_ name: String) throws -> Image {
    let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
    return try bytes.withUnsafeBytes { (bytes) throws(ImageError) in try PNG().decode(bytes) }
  }

  /// The network at `path` on a device, which holds nothing of it afterwards.
  static func withUpscaler<Value>(
    _ path: String, on engine: LlamaAgreementTests.Engine,
    _ body: (Upscaler) async throws -> Value
  ) async throws -> Value {
    try await TestDevices.withContext(on: engine.device) { context in
      let host = engine.device == .cpu ? context : try DeviceContext(HostBackend())
      let loaded = try ModelLoader.load(Checkpoint(path: path), on: host)
      let weights = try FixedWeights(uploading: loaded.image, to: context)
      return try await body(try upscaler(loaded, weights, engine.operations))
    }
  }

  /// The network of a loaded checkpoint over weights.
  static func upscaler(
    _ loaded: LoadedModel, _ weights: FixedWeights,
    _ operations: @escaping Upscaler.OperationsMaker
  ) throws -> Upscaler {
    let blueprint = try #require(loaded.blueprint as? RealESRGANBlueprint)
    let configuration = blueprint.configuration
    return Upscaler(
      try blueprint.makeUpscaler(loaded.image.layout),
      scale: configuration.outputScale ?? configuration.scale, weights: weights,
      operations: operations)
  }
}

extension Image {
  /// The peak signal-to-noise ratio to another image in dB, over 8-bit samples.
  func distance(to other: Image) -> Double {
    guard (width, height, channels) == (other.width, other.height, other.channels) else { return 0 }
    let squares = zip(samples, other.samples).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    guard squares > 0 else { return .infinity }
    return 10 * log10(255 * 255 * Double(samples.count) / squares)
  }

  /// How far the two samples that differ most are apart.
  func largestDifference(to other: Image) -> Int {
    guard samples.count == other.samples.count else { return .max }
    return zip(samples, other.samples).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
  }

  /// A part of an RGB image.
  func part(x: Range<Int>, y: Range<Int>) -> Image {
    let samples = y.flatMap { row in
      self.samples[
        (row * width + x.lowerBound) * channels..<(row * width + x.upperBound) * channels]
    }
    return Image(width: x.count, height: y.count, channels: channels, samples: samples)
  }
}
