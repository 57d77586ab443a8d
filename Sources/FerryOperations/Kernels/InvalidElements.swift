import FerryDevices
import FerryFormats
import FerryTensors

/// Finds what cannot be encoded before anything is written: NaN, infinity, and what is beyond the
/// format's range.
struct InvalidElements {
  /// How many groups at most look through the elements, and how many elements each is worth.
  private static let groups = 2048
  private static let elementsPerGroup = 16384
  private static let none = UInt64.max

  private let operations: KernelOperations
  private let values: Tensor
  private let weight: WeightView

  init(_ operations: KernelOperations, _ values: Tensor, _ weight: WeightView) {
    self.operations = operations
    self.values = values
    self.weight = weight
  }

  /// Throws what `WeightFormat.encode` would.
  func check() throws {
    let found = try firstInvalid()
    guard found.notFinite != Self.none || found.tooLarge != Self.none else { return }
    if found.notFinite / stretch <= found.tooLarge / stretch {
      throw FormatError.notFinite(try value(at: found.notFinite), at: Int(found.notFinite))
    }
    let (value, index) = (try value(at: found.tooLarge), Int(found.tooLarge))
    if case .plain(let type) = weight.entry.format {
      throw FormatError.overflow(value, of: type, at: index)
    }
    throw FormatError.exceedsHalf(value, at: index)
  }

  /// Elements that the encoder looks through for NaN and infinity before it looks for large ones.
  private var stretch: UInt64 {
    if case .int8Rows = weight.entry.format { return UInt64(max(weight.columnCount, 1)) }
    return 4096
  }

  /// The bits of the largest magnitude that the format takes.
  private var limit: UInt32 {
    switch weight.entry.format {
    case .int8Rows: Float(65504).bitPattern
    // The next larger number rounds to infinity.
    case .plain(.f16): Float(65520).nextDown.bitPattern
    case .plain(.bf16): 0x7f7f_7fff
    default: Float.greatestFiniteMagnitude.bitPattern
    }
  }

  private func firstInvalid() throws -> (notFinite: UInt64, tooLarge: UInt64) {
    let groups = min(values.count.blocks(of: Self.elementsPerGroup), Self.groups)
    let found = try operations.context.allocate(
      byteCount: groups * 2 * MemoryLayout<UInt64>.stride)
    try operations.launch(
      .findInvalid, ["VALUES": values.elementType.rawValue], groups: GridSize(groups),
      of: EncodingTeams.groupSize(operations),
      [
        .buffer(values.view), .buffer(found.view), .uint64(UInt64(values.count)), .uint32(limit),
      ])
    let firsts = try operations.context.downloaded(found.view, as: UInt64.self)
    let even = stride(from: 0, to: firsts.count, by: 2).map { firsts[$0] }
    let odd = stride(from: 1, to: firsts.count, by: 2).map { firsts[$0] }
    return (even.min() ?? Self.none, odd.min() ?? Self.none)
  }

  private func value(at index: UInt64) throws -> Float {
    let type = values.elementType
    let view = values.view[Int(index) * type.byteCount, count: type.byteCount]
    switch type {
    case .f16:
      return Float(try operations.context.downloaded(view, as: Float16.self)[0])
    case .bf16:
      return Float(try operations.context.downloaded(view, as: BFloat16.self)[0])
    default:
      return try operations.context.downloaded(view, as: Float.self)[0]
    }
  }
}
