public import FerryFormats
public import FerryImages

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
  /// The image: gray or RGB, with or without alpha, with 8 or 16 bits, like the source; the source's color space,
  /// resolution and orientation are preserved.
  public let image: Image
  /// How many tiles it was made of.
  public let tileCount: Int
}
