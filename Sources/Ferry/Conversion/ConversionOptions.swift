public import FerryDevices
public import FerryFormats

/// What to quantize, into what, and where.
public struct QuantizationOptions: Sendable {
  /// The format of the quantized weights.
  public var format: WeightFormat
  /// Weights whose full name matches one of these globs stay as they are.
  public var skippedGlobs: [String]
  /// A Boolean value that indicates whether models of any family are quantized: the weights of all linear layers of a
  /// folder, or every float tensor of rank 2 in a single file.
  public var includesEverything: Bool
  /// The type of the float weights that stay plain (embeddings, norms, biases): f32, f16 or bf16. nil: their own,
  /// which for blocks of a GGUF file is f32, where no number of theirs is rounded.
  public var plainType: ElementType?
  /// The device that does the arithmetic; the bytes are the same on each.
  public var device: Device
  /// Whether an existing destination is replaced.
  public var replacesDestination: Bool
  /// The largest weight file of a folder, in bytes.
  public var maximumShardBytes: Int

  /// Options.
  public init(
    format: WeightFormat, skippedGlobs: [String] = [], includesEverything: Bool = false,
    plainType: ElementType? = nil, device: Device = .cpu, replacesDestination: Bool = false,
    maximumShardBytes: Int = 5_000_000_000
  ) {
    precondition(plainType?.isWeightFloat ?? true, "plain weights are f32, f16 or bf16")
    self.format = format
    self.skippedGlobs = skippedGlobs
    self.includesEverything = includesEverything
    self.plainType = plainType
    self.device = device
    self.replacesDestination = replacesDestination
    self.maximumShardBytes = maximumShardBytes
  }
}

/// What a conversion did.
public struct ConversionReport: Sendable {
  /// Where the result is.
  public let destination: String
  /// The names of the converted weights.
  public let converted: [String]
  /// The names of those that stayed as they were.
  public let kept: [String]
  /// The files and folders beside the source's weights that are not part of the result: weights that nothing in it
  /// refers to, hidden folders, and links that are dangling or lead out of the source.
  public let leftOut: [String]
  /// The bytes of the source's weight files.
  public let bytesIn: Int
  /// The bytes of the result's weight files.
  public let bytesOut: Int
}

/// How far a conversion has come, in bytes of the source's weights.
public struct ConversionProgress: Sendable {
  /// What is done.
  public let done: Int
  /// What is to be done in all.
  public let total: Int
}
