import ArgumentParser
import FerryFormats
import FerryOperations

/// A format of linear layers, and how they multiply.
enum LinearKind: String, CaseIterable, ExpressibleByArgument {
  case nf4
  case nestedNF4 = "nested-nf4"
  case fp4
  case int8
  case llmInt8 = "llm-int8"
  case llmInt8Outliers = "llm-int8-outliers"
  case llmInt8Plain = "llm-int8-plain"
  case bf16
  case f32

  /// What layers of models on devices are.
  static let onDevices: [LinearKind] = [.nf4, .nestedNF4, .fp4, .int8, .llmInt8, .bf16]

  /// The format of the weight.
  var format: WeightFormat {
    switch self {
    case .nf4: .fourBit(FourBitFormat(.nf4))
    case .nestedNF4: .fourBit(FourBitFormat(.nf4, isNested: true))
    case .fp4: .fourBit(FourBitFormat(.fp4))
    case .int8, .llmInt8, .llmInt8Outliers, .llmInt8Plain: .int8Rows
    case .bf16: .plain(.bf16)
    case .f32: .plain(.f32)
    }
  }

  /// The arithmetic of the layer; the threshold is bitsandbytes' default, or none.
  var arithmetic: LinearArithmetic {
    guard isLLMInt8 else { return .weightOnly }
    return .llmInt8(threshold: self == .llmInt8Plain ? 0 : 6)
  }

  /// Whether activations are quantized, too.
  var isLLMInt8: Bool { self == .llmInt8 || self == .llmInt8Outliers || self == .llmInt8Plain }

  /// Whether the weight is plain.
  var isPlain: Bool { self == .bf16 || self == .f32 }

  /// The name in figures.
  var name: String {
    switch self {
    case .nf4: "NF4"
    case .nestedNF4: "nested NF4"
    case .fp4: "FP4"
    case .int8: "INT8"
    case .llmInt8: "LLM.int8"
    case .llmInt8Outliers: "LLM.int8 with outliers"
    case .llmInt8Plain: "LLM.int8 without threshold"
    case .bf16: "bf16"
    case .f32: "f32"
    }
  }
}
