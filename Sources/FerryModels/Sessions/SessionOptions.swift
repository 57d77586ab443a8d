package import FerryFormats

/// How a session computes.
package struct SessionOptions: Sendable {
  /// How 8-bit layers multiply.
  package enum EightBitArithmetic: Hashable, Sendable {
    /// As the checkpoint says: LLM.int8() with its threshold.
    case stored
    /// Weights decoded, activations as they are.
    case weightOnly
  }

  /// The type of activations and of the cache: f32, f16 or bf16.
  package var elementType: ElementType
  /// How 8-bit layers multiply.
  package var eightBit: EightBitArithmetic
  /// The most positions the text may have; nil: what the model allows. The cache grows up to it.
  package var maximumPositions: Int?
  /// The positions the cache has room for from the start, 0 and above; beyond them it doubles.
  package var initialPositions: Int
  /// The most tokens that go through the layers together, which bounds scratch memory; nil: 256, and 1024 where
  /// large products pay, on matrix units, or where weights come through a ring and each pass brings all of them.
  ///
  /// LLM.int8() lets the tokens of one pass share their outlier columns, so with it the logits depend
  /// a little on how a prompt is cut; other arithmetic does not.
  package var chunkSize: Int?

  package init(
    elementType: ElementType = .f32, eightBit: EightBitArithmetic = .stored,
    maximumPositions: Int? = nil, initialPositions: Int = 256, chunkSize: Int? = nil
  ) {
    precondition(elementType.isWeightFloat, "activations are f32, f16 or bf16")
    precondition(chunkSize ?? 1 > 0 && initialPositions >= 0)
    self.elementType = elementType
    self.eightBit = eightBit
    self.maximumPositions = maximumPositions
    self.initialPositions = initialPositions
    self.chunkSize = chunkSize
  }
}
