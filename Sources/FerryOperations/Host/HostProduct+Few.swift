import CHostKernels
import FerryFormats
import FerryTensors

extension HostProduct {
  /// Outputs `range` straight from the weight's bytes; `scratch` has room for ``fewScratch`` floats and for the sums.
  func few(
    _ range: Range<Int>, of arranged: ArrangedInput, in scratch: UnsafeMutablePointer<Float>
  ) {
    let sums = scratch + fewScratch
    withUnsafePointer(to: weight) { weight in
      ferry_linear_few(
        level, weight, arranged.type, Int64(range.lowerBound), Int64(range.count),
        arranged.memory.start, Int64(rows), sums, Int64(range.count), scratch)
    }
    finish(sums, rows: 0..<rows, outputs: range)
  }

  /// The floats that the kernel takes.
  var fewScratch: Int { withUnsafePointer(to: weight) { Int(ferry_few_scratch(level, $0)) } }

  /// Rows that are arranged at once.
  private static let arrangedRows = 8

  func arrangedInput() -> ArrangedInput {
    withUnsafePointer(to: weight) { weight in
      let type = ferry_product_type(level, weight, input.type)
      let pitch = arrangedBytes(weight, of: type)
      let memory = Scratch<UInt8>(count: rows * pitch)
      operations.pool.run(pieces: rows.blocks(of: Self.arrangedRows)) { piece in
        let first = piece * Self.arrangedRows
        ferry_arrange(
          level, weight, type, input.at(first * columns), input.type,
          Int64(min(Self.arrangedRows, rows - first)), memory.start + first * pitch)
      }
      return ArrangedInput(memory: memory, type: type, format: weight.pointee.format)
    }
  }
}

/// Activations in the order in which the kernels for few rows read them.
struct ArrangedInput {
  let memory: Scratch<UInt8>
  /// The type in which they are multiplied.
  let type: Int32
  /// The format of the weight that they were arranged for.
  let format: Int32

  /// Whether another layer's kernel reads them in the same order: it follows from format, type and columns.
  func suits(_ product: HostProduct) -> Bool {
    product.weight.format == format
      && withUnsafePointer(to: product.weight) {
        ferry_product_type(product.level, $0, product.input.type) == type
      }
  }
}
