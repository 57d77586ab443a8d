import FerryDevices
import FerryFormats
import FerryTensors

/// What decides how a linear layer with many rows of activations is computed.
struct ManyRowsLayer: Hashable, Sendable {
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

  /// The layer of a call.
  init(_ call: LinearCall) {
    rows = call.input.rowCount
    columns = call.weight.columnCount
    outputs = call.weight.rowCount
    format = call.weight.entry.format
    input = call.input.elementType
    isAligned = call.input.view.offset % 16 == 0 && call.weight.payload.offset % 16 == 0
  }

  /// A layer.
  init(
    rows: Int, columns: Int, outputs: Int, format: WeightFormat, input: ElementType,
    isAligned: Bool = true
  ) {
    self.rows = rows
    self.columns = columns
    self.outputs = outputs
    self.format = format
    self.input = input
    self.isAligned = isAligned
  }
}

/// How matrix units compute a linear layer with many rows of activations of 16 bits.
///
/// What they multiply are 16-bit numbers: the code table's values, or whole weights, are rounded once to
/// the activations' type, the sums are in f32.
enum ManyRowsPlan: Hashable, Sendable {
  /// 4-bit weights and int8 rows decoded on their way to the units; scales multiply sums, in f32.
  case coded
  /// Plain weights of the activations' type, as they are.
  case plain
  /// The weight is decoded once into scratch memory and rounded to the activations' type, as bitsandbytes
  /// does; then as plain. In f16 weights of magnitudes beyond 65504 become infinite.
  case dequantized

  /// Fewer rows are better off with kernels for few.
  static let fewestRows = 17
  /// More rows repay decoding a weight once: it costs 4.5 bytes of traffic a weight, and saves decoding
  /// it again for every 64 rows.
  static let mostCodedRows = 512
  /// Bytes of scratch memory that a decoded weight may take.
  static let mostScratch = 512 << 20

  /// The plan for a layer; nil where matrix units have none.
  init?(_ layer: ManyRowsLayer) {
    guard layer.rows >= Self.fewestRows, layer.isAligned,
      layer.input == .f16 || layer.input == .bf16, layer.columns > 0, layer.columns % 32 == 0
    else { return nil }
    let fitsScratch = layer.outputs * layer.columns * 2 <= Self.mostScratch
    switch layer.format {
    case .plain(layer.input): self = .plain
    case .plain, .opaque: return nil
    case _ where layer.isCodedInTiles && !(layer.rows > Self.mostCodedRows && fitsScratch):
      self = .coded
    case _ where fitsScratch: self = .dequantized
    default: return nil
    }
  }
}

extension ManyRowsLayer {
  /// Whether every 64 columns of a row are of one block.
  var isCodedInTiles: Bool {
    switch format {
    case .fourBit(let format): columns % 64 == 0 && format.blockSize % 64 == 0
    case .int8Rows: columns % 64 == 0
    case .plain, .dynamic8, .opaque: false
    }
  }

  /// Whether LLM.int8() multiplies the codes of many rows in tiles.
  var isMultipliedAsCodes: Bool {
    rows >= ManyRowsPlan.fewestRows && columns % 64 == 0 && isAligned
      && (input == .f16 || input == .bf16)
  }
}
