/// How the numbers of one weight are stored.
public enum WeightFormat: Hashable, Sendable {
  /// The elements as they are, in this type.
  case plain(ElementType)
  /// Two 4-bit codes a byte, one absmax a block (bitsandbytes' NF4 and FP4).
  case fourBit(FourBitFormat)
  /// One signed byte an element, one absmax a row (LLM.int8: CB and SCB).
  case int8Rows
  /// One byte an element that indexes a 256-entry table, one absmax a block.
  case dynamic8(blockSize: Int)
  /// Bytes of a type that Ferry stores and moves without computing with it; `byteCount` is the total size.
  case opaque(byteCount: Int)

  /// A Boolean value that indicates whether the weight has statistics beside its payload, in a format that Ferry knows.
  public var isQuantized: Bool {
    switch self {
    case .plain, .opaque: false
    case .fourBit, .int8Rows, .dynamic8: true
    }
  }
}

/// The parameters of a 4-bit blockwise format.
public struct FourBitFormat: Hashable, Sendable {
  /// The code table that a nibble indexes.
  public enum Code: String, Hashable, Sendable, CaseIterable { case nf4, fp4 }

  /// Block sizes that bitsandbytes' kernels accept.
  public static let blockSizes = [32, 64, 128, 256, 512, 1024, 2048, 4096]
  /// How many absmax values share one nested absmax: always 256.
  public static let nestedBlockSize = 256

  /// Which table.
  public var code: Code
  /// How many consecutive elements, in flat row-major order, share one absmax.
  public var blockSize: Int
  /// Whether the absmax values are themselves stored as dynamic 8-bit codes ("double quantization").
  public var isNested: Bool

  /// A 4-bit format; `blockSize` is one of `blockSizes`.
  public init(_ code: Code, blockSize: Int = 64, isNested: Bool = false) {
    precondition(Self.blockSizes.contains(blockSize), "block size \(blockSize)")
    self.code = code
    self.blockSize = blockSize
    self.isNested = isNested
  }
}
