package import FerryFormats

/// The type number of a GGUF tensor.
///
/// Source: `enum ggml_type` of ggml.h.
struct GGUFElementType {
  /// How its bytes are read.
  let encoding: StoredEncoding

  /// The type with this number; nil with the name of a type that Ferry does not read.
  init(number: UInt32, file: String, tensor: String) throws(CheckpointError) {
    switch number {
    case 0: encoding = .elements(.f32)
    case 1: encoding = .elements(.f16)
    case 2: encoding = .ggufBlocks(.q4_0)
    case 3: encoding = .ggufBlocks(.q4_1)
    case 8: encoding = .ggufBlocks(.q8_0)
    case 24: encoding = .elements(.i8)
    case 25: encoding = .elements(.i16)
    case 26: encoding = .elements(.i32)
    case 27: encoding = .elements(.i64)
    case 28: encoding = .elements(.f64)
    case 30: encoding = .elements(.bf16)
    default: throw Self.fault(number, file: file, tensor: tensor)
    }
  }

  private static func fault(_ number: UInt32, file: String, tensor: String) -> CheckpointError {
    guard let name = otherNames[number] else {
      return CheckpointError(
        .malformed, file: file, tensor: tensor,
        "type number \(number) is not one of GGUF; get the file again")
    }
    return CheckpointError(
      .unsupported, file: file, tensor: tensor,
      "block type \(name) is not supported; use a file in F32, F16, BF16, Q4_0, Q4_1 or Q8_0")
  }

  private static let otherNames: [UInt32: String] = [
    6: "Q5_0", 7: "Q5_1", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K",
    15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL",
    21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
    40: "NVFP4",
  ]
}

extension StoredEncoding {
  /// The type of the elements as they are in memory once read.
  package var elementType: ElementType {
    switch self {
    case .elements(let type): type
    case .ggufBlocks: .f32
    }
  }

  /// The size of `shape` (outermost extent first) in bytes; nil where it overflows or a row is not
  /// of whole blocks.
  func byteCount(shape: [Int]) -> Int? {
    switch self {
    case .elements(let type): return shape.checkedProduct(by: type.byteCount)
    case .ggufBlocks(let type):
      guard let row = shape.last, row % GGUFBlockType.blockSize == 0 else { return nil }
      return (shape.dropLast() + [row / GGUFBlockType.blockSize])
        .checkedProduct(by: type.blockByteCount)
    }
  }
}
