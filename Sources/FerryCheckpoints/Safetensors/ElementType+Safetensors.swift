package import FerryFormats

extension ElementType {
  /// The type that a safetensors header names so ("BF16").
  package init?(safetensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }

  /// The name of the type in safetensors headers.
  package var safetensorsName: String {
    switch self {
    case .f64: "F64"
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    case .i64: "I64"
    case .i32: "I32"
    case .i16: "I16"
    case .i8: "I8"
    case .u64: "U64"
    case .u32: "U32"
    case .u16: "U16"
    case .u8: "U8"
    case .bool: "BOOL"
    case .f8e4m3: "F8_E4M3"
    case .f8e5m2: "F8_E5M2"
    }
  }
}
