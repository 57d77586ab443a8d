package import FerryFormats

/// `quantization_config` of a HF `config.json` for bitsandbytes.
package struct QuantizationConfiguration: Sendable {
  /// The width of the weights.
  package enum Width: Sendable { case fourBit, eightBit }

  package var width: Width
  /// 4-bit: which table.
  package var code: FourBitFormat.Code
  /// 4-bit: whether statistics are nested.
  package var isNested: Bool
  /// 4-bit: the element type that packed bytes are viewed in ("uint8").
  package var storage: String
  /// 4-bit: the activation type the model was published for ("bfloat16").
  package var computeType: String
  /// 8-bit: activations of at least this magnitude make their column an outlier; 0: none.
  package var threshold: Float
  /// Modules kept plain, as listed; nil where the list is absent or null.
  package var skippedModules: [String]?

  package init(
    width: Width, code: FourBitFormat.Code = .fp4, isNested: Bool = false,
    storage: String = "uint8", computeType: String = "float32", threshold: Float = 6,
    skippedModules: [String]? = nil
  ) {
    self.width = width
    self.code = code
    self.isNested = isNested
    self.storage = storage
    self.computeType = computeType
    self.threshold = threshold
    self.skippedModules = skippedModules
  }
}
