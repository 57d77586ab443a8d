import FerryDevices
import FerryFormats
package import FerryOperations
package import FerryTensors

/// What differs from one pass over so many tokens to the next, in device memory that the pass reads:
///
///     [ position, UInt32 ] [ tokens, Int32 × rows ] [ table, f32 × rows × width ]
///
/// so that the same launches with the same arguments continue a text.
package struct PassInputs: Sendable {
  /// The position of the first token.
  package let position: Position
  /// The tokens.
  package let tokens: TokenList
  /// What the model computes of positions alone: f32 [rows, width].
  package let table: Tensor
  private let view: BufferView

  /// The bytes they take: the first of the scratch memory.
  var byteCount: Int { view.byteCount }

  /// The table starts at a multiple of so many bytes.
  private static let alignment = 16

  /// The bytes that inputs for `rows` tokens take.
  static func byteCount(rows: Int, tableWidth width: Int) -> Int {
    (4 * (1 + rows)).rounded(upTo: alignment) + 4 * rows * width
  }

  /// Places for inputs in the next free bytes of `scratch`.
  init(in scratch: ScratchArena, rows: Int, tableWidth width: Int) {
    let byteCount = Self.byteCount(rows: rows, tableWidth: width)
    view = scratch.take(byteCount: byteCount)
    position = .word(view[0, count: 4])
    tokens = .words(view[4, count: 4 * rows])
    let start = byteCount - 4 * rows * width
    table = Tensor(view[start, count: 4 * rows * width], .f32, shape: [rows, width])
  }

  /// Queues one copy of what this pass is about; `scratch` keeps the values until the stream has
  /// read them.
  func upload(
    _ tokens: [Int32], firstPosition: Int, table values: [Float], by scratch: ScratchArena
  ) throws(DeviceError) {
    var words = [UInt32(firstPosition)] + tokens.map(UInt32.init(bitPattern:))
    let padding = view.byteCount / 4 - words.count - values.count
    words += Array(repeating: 0, count: padding)
    words += values.map(\.bitPattern)
    try scratch.upload(words, to: view)
  }
}
