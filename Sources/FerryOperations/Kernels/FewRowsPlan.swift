import FerryDevices
import FerryFormats

/// What decides how a linear layer with few rows of activations is computed.
struct FewRowsLayer: Hashable, Sendable {
  /// Rows of activations.
  var rows: Int
  /// Columns of activations and weight.
  var columns: Int
  /// Rows of the weight.
  var outputs: Int
  /// The weight's format.
  var format: WeightFormat
  /// The activations' type.
  var input: ElementType
  /// Whether activations and the weight's elements start at multiples of 16 bytes.
  var isAligned: Bool
  /// Whether activations are quantized to 8-bit codes (LLM.int8); of int8 rows only.
  var quantizesActivations = false
}

/// How matrix units compute a linear layer with few rows of activations: `linearRows.cl`, which reads
/// the weights once, as they are.
///
/// What is multiplied are 16-bit numbers: values of a code table are rounded once to the activations' type,
/// codes of int8 rows are exact in it; sums and scales are f32. LLM.int8 multiplies codes, exactly.
struct FewRowsPlan: Hashable, Sendable {
  /// More rows are better off with kernels for many.
  static let mostRows = 16
  /// Threads of a group, and the warps that share its rows of weights.
  static let threads = 256
  private static let warps = 8
  /// Groups that a processor holds at a time.
  private static let groupsPerProcessor = 2

  /// The dialect's FORMAT.
  let format: String
  /// TILES: eight columns each, of rows of activations times blocks of a step.
  let tiles: Int
  /// RUNS: 16 rows of weights each.
  let runs: Int
  /// How many blocks a step of a row has, as a power of two.
  let partsShift: Int
  /// Steps that a warp takes of a row.
  let warpSteps: Int
  /// Groups along the weight's rows, and passes over the weight.
  let groups: GridSize

  /// The plan for a layer on a device with so many processors; nil where it is not for matrix units.
  init?(_ layer: FewRowsLayer, processors: Int) {
    guard let step = FewRowsStep(layer), (1...Self.mostRows).contains(layer.rows), layer.isAligned,
      layer.columns > 0, layer.columns % (step.columns / 4) == 0,
      layer.outputs * layer.columns < 1 << 32
    else { return nil }
    let rowsPerTile = 8 / step.parts
    tiles = [1, 2, 4].first { $0 * rowsPerTile >= layer.rows } ?? 4
    format = step.format
    partsShift = step.parts.trailingZeroBitCount
    warpSteps = layer.columns.blocks(of: step.columns * Self.warps)
    guard warpSteps * step.columns <= step.mostWarpColumns else { return nil }
    let slots = max(1, processors) * Self.groupsPerProcessor
    runs = Self.runs(outputs: layer.outputs, tiles: tiles, slots: slots)
    groups = GridSize(
      min(layer.outputs.blocks(of: 16 * runs), slots), layer.rows.blocks(of: tiles * rowsPerTile))
  }

  /// Two runs use what is loaded of activations twice; one is better where two would leave processors
  /// idle in the last round of groups.
  private static func runs(outputs: Int, tiles: Int, slots: Int) -> Int {
    guard tiles == 1 else { return 2 }
    let rounded = [1, 2].map { outputs.blocks(of: 16 * $0).blocks(of: slots) * $0 }
    return rounded[0] * 10 < rounded[1] * 9 ? 1 : 2
  }

  /// What the program is built with. Codes of activations have no type.
  func defines(input: ElementType) -> [String: String] {
    [
      "FORMAT": format, "INPUT": format == FewRowsStep.codes ? "f16" : input.rawValue,
      "RUNS": "\(runs)", "TILES": "\(tiles)",
    ]
  }
}

/// What a warp takes of a row at a time: 64 bytes.
private struct FewRowsStep {
  static let codes = "int8_codes"

  let format: String
  let columns: Int
  /// Blocks of the weight among them that do not share an absmax.
  let parts: Int
  /// Columns of a row that one warp may take: of more than two nested blocks it knows no outer absmax.
  let mostWarpColumns: Int

  init?(_ layer: FewRowsLayer) {
    switch layer.format {
    case .fourBit(let fourBit):
      guard layer.input.isHalfWidth, layer.columns % 32 == 0 else { return nil }
      // Blocks follow the flat index: what starts at a multiple of this lies within one.
      let unit = min(128, fourBit.blockSize, 1 << layer.columns.trailingZeroBitCount)
      (columns, parts) = (128, 128 / unit)
      format = fourBit.isNested ? "four_bit_nested" : "four_bit"
      mostWarpColumns =
        fourBit.isNested ? FourBitFormat.nestedBlockSize * fourBit.blockSize : .max
    case .int8Rows:
      guard layer.quantizesActivations || layer.input.isHalfWidth else { return nil }
      (columns, parts, mostWarpColumns) = (64, 1, .max)
      format = layer.quantizesActivations ? Self.codes : "int8_rows"
    case .plain(layer.input):
      guard layer.input.isHalfWidth else { return nil }
      (columns, parts, mostWarpColumns) = (32, 1, .max)
      format = "plain"
    case .plain, .dynamic8, .opaque: return nil
    }
  }
}

extension ElementType {
  /// Whether matrix units multiply it as it is.
  fileprivate var isHalfWidth: Bool { self == .f16 || self == .bf16 }
}
