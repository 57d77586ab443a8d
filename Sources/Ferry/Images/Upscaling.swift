import FerryCheckpoints
public import FerryDevices
public import FerryFormats
public import FerryImages
import FerryModels
import FerryResidency
import FerryTensors

/// How an image is enlarged.
public struct UpscalingOptions: Sendable {
  /// How many times as large it becomes; nil: as the model makes it. Below the network's scale the result is
  /// made smaller again, bicubically.
  public var scale: Int?
  /// The most pixels of a side of a tile, from 32 on; nil: as many as the device's memory allows.
  public var tileSide: Int?
  /// The type of the activations: f32, f16 or bf16.
  public var activations: ElementType

  /// The defaults.
  public init(scale: Int? = nil, tileSide: Int? = nil, activations: ElementType = .f32) {
    self.scale = scale
    self.tileSide = tileSide
    self.activations = activations
  }
}

/// An enlarged image.
public struct Upscaling: Sendable {
  /// The image: 8-bit RGB, or RGB and alpha.
  public let image: Image
  /// How many tiles it was made of.
  public let tileCount: Int
}

/// A Real-ESRGAN network that enlarges images, and moves.
///
///     let model = try await Engine().loadUpscaler("realesr-animevideov3-x4.param")
///     try await model.to(.opencl(0))
///     let larger = try await model.upscale(Image(pngAt: "in.png")).image
///     try larger.writePNG(to: "out.png")
public final class UpscalingModel: Sendable {
  /// Its weights.
  public let weights: Weights
  /// Where it was loaded from.
  public let path: String
  private let upscaler: Upscaler

  init(weights: Weights, path: String, network: any UpscalingNetwork, scale: Int) {
    self.weights = weights
    self.path = path
    let engine = weights.engine
    upscaler = Upscaler(network, scale: scale, weights: weights.access) {
      try engine.operations(for: $0)
    }
  }

  /// The same model over what a pool holds of it on its device.
  func pooled(as weights: Weights) -> UpscalingModel {
    UpscalingModel(weights: weights, path: path, network: upscaler.model, scale: scale)
  }

  /// The device it runs on.
  public var device: Device { weights.device }

  /// How many times as large an image becomes unless told otherwise.
  public var scale: Int { upscaler.scale }

  /// Moves the model to `device`, as ``Model/to(_:strategy:options:progress:)`` does; while a tile is computed,
  /// a move waits.
  @discardableResult
  public func to(_ device: Device, options: MoveOptions = MoveOptions()) async throws
    -> UpscalingModel
  {
    try await weights.move(to: device, options: options)
    return self
  }

  /// Enlarges an image tile by tile, so that one of any size fits the device; cancelling the task ends it
  /// between two tiles.
  ///
  /// The image is mirrored by ten pixels at its edges, as Real-ESRGAN does. Alpha is enlarged by itself,
  /// bicubically. Tiles overlap as far as a pixel of a compact network sees, so that there are no seams; by
  /// ten pixels for a network of dense blocks.
  @concurrent
  public func upscale(
    _ image: Image, options: UpscalingOptions = UpscalingOptions(),
    progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> Upscaling {
    guard options.activations.isWeightFloat else {
      throw FerryError(
        .badArgument, "activations are f32, f16 or bf16, not \(options.activations)")
    }
    if let side = options.tileSide, side < Upscaler.leastSide {
      throw FerryError(
        .badArgument, "tiles have \(Upscaler.leastSide) pixels a side at least, not \(side)")
    }
    let (result, tiles) = try await upscaler.upscale(
      image,
      Upscaler.Options(
        scale: options.scale, tileSide: options.tileSide, elementType: options.activations),
      progress: progress)
    return Upscaling(image: result, tileCount: tiles)
  }
}

extension Engine {
  /// Loads a Real-ESRGAN network: a safetensors file or folder with PyTorch's names, or an ncnn `.param` file
  /// with its `.bin` file beside it.
  @concurrent
  public func loadUpscaler(_ path: String, on device: Device = .cpu) async throws
    -> UpscalingModel
  {
    let host = try context(for: .cpu)
    let target = try context(for: device)
    let checkpoint = try Checkpoint(path: path)
    let loaded = try checkpoint.naming { try ModelLoader.load($0, on: host) }
    guard let blueprint = loaded.blueprint as? RealESRGANBlueprint else {
      throw FerryError(
        .unknownFamily, "\(path) is a language model; images are enlarged by Real-ESRGAN networks")
    }
    let weights = Weights(
      ResidentWeights(loaded.image, mover: try mover()), from: checkpoint, engine: self)
    if target !== host { try await weights.move(to: device) }
    let configuration = blueprint.configuration
    return UpscalingModel(
      weights: weights, path: path, network: try blueprint.makeUpscaler(loaded.image.layout),
      scale: configuration.outputScale ?? configuration.scale)
  }

  /// Writes the network of an ncnn `.param` file, whose weights are in the `.bin` file beside it, as a
  /// safetensors file under the names that PyTorch uses; weights keep their bytes.
  @concurrent
  public func convert(
    _ path: String, to destination: String, replacingDestination: Bool = false,
    progress: @Sendable (ConversionProgress) -> Void = { _ in }
  ) async throws -> ConversionReport {
    let source = try Checkpoint(path: path).naming { try SourceWeights($0) }
    guard source.checkpoint.container == .ncnn else {
      throw FerryError(
        .badArgument,
        "\(path) is no ncnn .param file; safetensors and GGUF files are converted by quantize and "
          + "dequantize")
    }
    try source.checkpoint.naming { _ in try source.checkCompleteness() }
    return try await rewrite(source, to: destination, replacing: replacingDestination, progress)
  }
}
