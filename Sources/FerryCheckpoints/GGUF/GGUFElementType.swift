import FerryFormats

/// The type number of a GGUF tensor.
///
/// Source: `enum ggml_type` of ggml.h, and `GGML_QUANT_SIZES` of the gguf package 0.19.
struct GGUFElementType {
  /// The largest number that is accepted as a type of a newer ggml, which numbers its types from 0 and currently has
  /// 42.
  private static let maximumNumber: UInt32 = 255

  /// How its bytes are read.
  let encoding: StoredEncoding
  /// The number of elements in a block and its size in bytes; nil for a number that is not listed.
  private let block: (count: Int, byteCount: Int)?

  /// Creates the type with this number; nil if the number is outside the range of ggml's types.
  init?(number: UInt32) {
    if let type = Self.elements[number] {
      encoding = .elements(type)
      block = (1, type.byteCount)
    } else if let type = Self.decoded[number] {
      encoding = .ggufBlocks(type)
      block = (GGUFBlockType.blockSize, type.blockByteCount)
    } else if let (name, count, byteCount) = Self.opaque[number] {
      encoding = .opaque(OpaqueType(name, blockSize: count))
      block = (count, byteCount)
    } else {
      guard number <= Self.maximumNumber else { return nil }
      encoding = .opaque(OpaqueType("GGML_TYPE_\(number)", isListed: false))
      block = nil
    }
  }

  /// A Boolean value that indicates whether a tensor's size follows from its shape.
  var isSized: Bool { block != nil }

  /// Returns the size of `shape` (outermost extent first) in bytes; nil if it overflows, if a row does not consist of
  /// whole blocks, or if the size of the type is unknown.
  func byteCount(shape: [Int]) -> Int? {
    guard let (count, byteCount) = block else { return nil }
    guard count > 1 else { return shape.checkedProduct(by: byteCount) }
    guard let row = shape.last, row % count == 0, shape.checkedProduct() != nil else { return nil }
    return (shape.dropLast() + [row / count]).checkedProduct(by: byteCount)
  }

  private static let elements: [UInt32: ElementType] = [
    0: .f32, 1: .f16, 24: .i8, 25: .i16, 26: .i32, 27: .i64, 28: .f64, 30: .bf16,
  ]

  private static let decoded: [UInt32: GGUFBlockType] = [2: .q4_0, 3: .q4_1, 8: .q8_0]

  /// Block types that are kept without decoding: name, and number of elements and bytes per block.
  private static let opaque: [UInt32: (String, Int, Int)] = [
    6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24), 9: ("Q8_1", 32, 40), 10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 29: ("IQ1_M", 256, 56), 34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
  ]
}
