public import FerryDevices
public import FerryImages
import FerryModels
import FerryResidency

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
