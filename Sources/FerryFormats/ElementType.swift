/// The type of one stored element, as checkpoints name it.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  case f64, f32, f16, bf16
  case i64, i32, i16, i8
  case u64, u32, u16, u8
  case bool
  case f8e4m3, f8e5m2

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool, .f8e4m3, .f8e5m2: 1
    }
  }

  /// Whether weights of this type can be quantized and multiplied: f32, f16 or bf16.
  public var isWeightFloat: Bool { self == .f32 || self == .f16 || self == .bf16 }

  /// PyTorch's name of the type, as bitsandbytes writes it into `quant_state` ("bfloat16"), where it
  /// has one that Ferry handles as a weight.
  public var torchName: String? {
    switch self {
    case .f32: "float32"
    case .f16: "float16"
    case .bf16: "bfloat16"
    default: nil
    }
  }

  /// The weight float that PyTorch calls `torchName` ("bfloat16").
  public init?(torchName: some StringProtocol) {
    switch torchName {
    case "float32": self = .f32
    case "float16": self = .f16
    case "bfloat16": self = .bf16
    default: return nil
    }
  }
}
