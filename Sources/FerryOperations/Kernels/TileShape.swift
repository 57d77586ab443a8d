import FerryDevices
import FerryFormats

/// How the threads of a group share a product: the defines of codedTiles.cl and matrixTiles.cl.
struct TileShape: Hashable, Sendable {
  /// Tiles of 16 outputs and of 8 rows that a warp computes.
  let weightTiles: Int, inputTiles: Int
  /// Steps in local memory.
  let stages: Int
  /// Groups of four warps that share the columns among them; for coded tiles.
  let splits: Int
  /// Copies of the code table; for coded tiles.
  let copies: Int
  /// Outputs and rows of a group.
  let outputs: Int, rows: Int

  /// How many groups a product needs: rows along the first axis, so that groups that run together read the
  /// same weights.
  func groups(_ layer: ManyRowsLayer) -> GridSize {
    GridSize(layer.rows.blocks(of: rows), layer.outputs.blocks(of: outputs))
  }

  /// Threads of a group.
  var threads: Int { 128 * splits }
}

// MARK: - Coded tiles

extension TileShape {
  private static func coded(
    weightTiles: Int, inputTiles: Int, stages: Int, splits: Int, copies: Int
  ) -> TileShape {
    TileShape(
      weightTiles: weightTiles, inputTiles: inputTiles, stages: stages, splits: splits,
      copies: copies, outputs: 64 * weightTiles, rows: 8 * inputTiles)
  }

  /// Up to 32 rows: bound by the weights' bytes, so many small groups and steps on their way.
  static let codedFew = coded(weightTiles: 1, inputTiles: 4, stages: 4, splits: 2, copies: 16)
  /// More rows of a layer that large groups would leave processors idle with.
  static let codedNarrow = coded(weightTiles: 1, inputTiles: 8, stages: 2, splits: 2, copies: 16)
  /// The most products for what is decoded.
  static let codedWide = coded(weightTiles: 2, inputTiles: 8, stages: 2, splits: 1, copies: 32)

  /// The shape for a layer on a device of so many processors.
  static func coded(_ layer: ManyRowsLayer, processors: Int) -> TileShape {
    if layer.rows <= codedFew.rows { return codedFew }
    return codedWide.groups(layer).count < processors ? codedNarrow : codedWide
  }

  /// The defines of codedTiles.cl.
  func codedDefines(bits: Int, product: String) -> [String: String] {
    [
      "BITS": "\(bits)", "PRODUCT": product, "WEIGHT_TILES": "\(weightTiles)",
      "INPUT_TILES": "\(inputTiles)", "STAGES": "\(stages)", "SPLIT": "\(splits)",
      "COPIES": "\(copies)", "CHUNKS": "8",
    ]
  }
}

// MARK: - Tiles of plain matrices and of codes

extension TileShape {
  private static func matrix(weightTiles: Int, inputTiles: Int, stages: Int) -> TileShape {
    TileShape(
      weightTiles: weightTiles, inputTiles: inputTiles, stages: stages, splits: 1, copies: 0,
      outputs: 32 * weightTiles, rows: 16 * inputTiles)
  }

  /// For products that large groups would leave processors idle with.
  static let matrixNarrow = matrix(weightTiles: 2, inputTiles: 4, stages: 4)
  /// The most products for what is read.
  static let matrixWide = matrix(weightTiles: 4, inputTiles: 8, stages: 3)

  /// The shape for a layer on a device of so many processors.
  static func matrix(_ layer: ManyRowsLayer, processors: Int) -> TileShape {
    matrixWide.groups(layer).count < processors ? matrixNarrow : matrixWide
  }

  /// The defines of matrixTiles.cl.
  func matrixDefines(product: String) -> [String: String] {
    [
      "PRODUCT": product, "WEIGHT_TILES": "\(weightTiles)", "INPUT_TILES": "\(inputTiles)",
      "STAGES": "\(stages)", "CHUNKS": "4",
    ]
  }
}
