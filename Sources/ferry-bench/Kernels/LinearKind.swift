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
  case bf16

  /// The format of the weight.
  var format: WeightFormat {
    switch self {
    case .nf4: .fourBit(FourBitFormat(.nf4))
    case .nestedNF4: .fourBit(FourBitFormat(.nf4, isNested: true))
    case .fp4: .fourBit(FourBitFormat(.fp4))
    case .int8, .llmInt8: .int8Rows
    case .bf16: .plain(.bf16)
    }
  }

  /// The arithmetic of the layer; the threshold is bitsandbytes' default.
  var arithmetic: LinearArithmetic { self == .llmInt8 ? .llmInt8(threshold: 6) : .weightOnly }

  /// The name in figures.
  var name: String {
    switch self {
    case .nf4: "NF4"
    case .nestedNF4: "nested NF4"
    case .fp4: "FP4"
    case .int8: "INT8"
    case .llmInt8: "LLM.int8"
    case .bf16: "bf16"
    }
  }
}
