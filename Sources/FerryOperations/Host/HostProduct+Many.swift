import CHostKernels
import FerryFormats
import FerryTensors

extension HostProduct {
  /// Rows of activations whose sums with a panel of the weight stay in the second-level cache.
  private static let rowBlock = 256
  /// Rows of a panel at most.
  private static let panelOutputs = 96

  /// Panels of the weight are decoded once for every ``rowBlock`` rows, and multiplied with all of them.
  func many() {
    withUnsafePointer(to: weight) { weight in
      let type = ferry_product_type(level, weight, input.type)
      let columns = inputColumns(weight, as: type)
      let panel = panelOutputs
      let (panels, blocks) = (outputs.blocks(of: panel), rows.blocks(of: Self.rowBlock))
      operations.pool.run(pieces: panels * blocks) { piece in
        let (row, output) = (piece / panels * Self.rowBlock, piece % panels * panel)
        let rows = row..<min(row + Self.rowBlock, self.rows)
        manySums(
          rows, output..<min(output + panel, outputs), weight, of: columns.start, type)
      }
    }
  }

  /// Rows of a panel: a multiple of 24 that leaves pieces for all threads.
  private var panelOutputs: Int {
    let fair = outputs * rows.blocks(of: Self.rowBlock) / (operations.pool.threadCount * 4)
    return max(24, min(fair / 24 * 24, Self.panelOutputs))
  }

  /// The activations as the kernels read them, block after block.
  private func inputColumns(_ weight: UnsafePointer<ferry_weight>, as type: Int32)
    -> Scratch<UInt8>
  {
    let pitch = arrangedBytes(weight, of: type)
    let step = Int(ferry_panel_rows(level))
    let columns = Scratch<UInt8>(count: Int(ferry_column_rows(level, Int64(rows))) * pitch)
    operations.pool.run(pieces: rows.blocks(of: step)) { piece in
      let scratch = Scratch<Float>(count: Int(ferry_columns_scratch(level, weight)))
      let first = piece * step
      ferry_arrange_columns(
        level, weight, type, input.at(first * self.columns), input.type,
        Int64(min(step, rows - first)), columns.start + first * pitch, scratch.start)
    }
    return columns
  }

  private func manySums(
    _ rows: Range<Int>, _ range: Range<Int>, _ weight: UnsafePointer<ferry_weight>,
    of columns: UnsafePointer<UInt8>, _ type: Int32
  ) {
    let (count, rowCount) = (Int64(range.count), Int64(rows.count))
    let scratch = Scratch<Float>(count: Int(ferry_many_scratch(level, count, rowCount)))
    let sums = Scratch<Float>(count: rows.count * range.count)
    ferry_linear_many(
      level, weight, type, Int64(range.lowerBound), count,
      columns + rows.lowerBound * arrangedBytes(weight, of: type), rowCount, sums.start, count,
      scratch.start)
    finish(sums.start, rows: rows, outputs: range)
  }
}
