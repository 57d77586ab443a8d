import CDeviceKernels
import FerryDevices

/// A kernel of the operations, by the name its source gives it.
enum OperationKernel: String, Hashable, Sendable, CaseIterable {
  case gatherRows = "gather_rows"
  case gatherListedRows = "gather_listed_rows"
  case rmsNorm = "rms_norm"
  case addRMSNorm = "add_rms_norm"
  case layerNorm = "layer_norm"
  case meanRows = "mean_rows"
  case rotate = "rotate_pairs"
  case store = "store_rows"
  case rotateAndStore = "rotate_and_store"
  case linear
  case linearRows = "linear_rows"
  case markOutliers = "int8_mark_outliers"
  case listOutliers = "int8_list_outliers"
  case quantizeRows = "int8_quantize_rows"
  case int8Linear = "int8_linear"
  case codedTiles = "coded_tiles"
  case matrixTiles = "matrix_tiles"
  case int8Tiles = "int8_tiles"
  case attention
  case attentionAny = "attention_any"
  case attentionTiles = "attention_tiles"
  case attentionMerge = "attention_merge"
  case attendWithin = "attend_within"
  case gelu
  case siluMultiply = "silu_multiply"
  case add
  case convert
  case convolve
  case addScaled = "add_scaled"
  case spreadPixels = "spread_pixels"
  case dequantize
  case findInvalid = "find_invalid"
  case encodeFourBit = "encode_four_bit"
  case encodeDynamic8 = "encode_dynamic8"
  case encodeInt8Rows = "encode_int8_rows"

  /// The file that holds it.
  private var file: String {
    switch self {
    case .gatherRows, .gatherListedRows: "gatherRows"
    case .rmsNorm, .addRMSNorm: "rmsNorm"
    case .layerNorm: "layerNorm"
    case .meanRows: "meanRows"
    case .rotate: "rotate"
    case .store: "store"
    case .rotateAndStore: "rotateAndStore"
    case .linear: "linear"
    case .linearRows: "linearRows"
    case .markOutliers, .listOutliers, .quantizeRows, .int8Linear: "int8"
    case .codedTiles: "codedTiles"
    case .matrixTiles, .int8Tiles: "matrixTiles"
    case .attention: "attention"
    case .attentionAny: "attentionAny"
    case .attentionTiles, .attentionMerge: "attentionTiles"
    case .attendWithin: "attendWithin"
    case .gelu: "gelu"
    case .siluMultiply, .add, .convert: "elementwise"
    case .convolve: "convolution"
    case .addScaled, .spreadPixels: "maps"
    case .dequantize: "dequantize"
    case .findInvalid, .encodeFourBit, .encodeDynamic8, .encodeInt8Rows: "quantize"
    }
  }

  /// Whether its file builds on the decoding of weights or their code tables.
  private var usesWeights: Bool {
    ["gatherRows", "linear", "linearRows", "codedTiles", "dequantize", "quantize"].contains(file)
  }

  /// Whether its file has positions among its parameters.
  private var usesPositions: Bool {
    ["rotate", "store", "rotateAndStore", "attention", "attentionAny", "attentionTiles"]
      .contains(file)
  }

  /// Whether its file takes elements in units.
  private var usesUnits: Bool { ["dequantize", "quantize"].contains(file) }

  /// Whether its file builds on the tiles of matrix units.
  private var usesTiles: Bool { ["codedTiles", "matrixTiles"].contains(file) }

  /// The program it is built from.
  func program(_ defines: [String: String]) -> KernelProgram {
    let files =
      ["elements"] + (usesWeights ? ["weights"] : []) + (usesPositions ? ["positions"] : [])
      + (usesUnits ? ["units"] : []) + (usesTiles ? ["tiles"] : []) + [file]
    return KernelProgram(
      name: file, source: files.map(Self.source).joined(separator: "\n"), defines: defines)
  }

  private static func source(_ file: String) -> String {
    guard let text = ferry_kernel_source(file, nil) else {
      preconditionFailure("no kernel source \(file)")
    }
    return String(cString: text)
  }
}
