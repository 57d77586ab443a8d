import FerryFormats
import FerryTensors

/// The parameters WEIGHT_PARAMETERS of the dialect.
struct KernelWeight {
  let payload: KernelBuffer
  let scales: KernelBuffer
  private let outer: KernelBuffer
  private let table: KernelBuffer
  private let offset: Float
  private let block: Int
  private let shift: Int

  static let letters = "bbbbfuu"

  init(_ run: KernelRun) throws {
    payload = try run.buffer()
    scales = try run.buffer()
    outer = try run.buffer()
    table = try run.buffer()
    offset = try run.float()
    block = try run.count()
    shift = try run.count()
    try run.require(shift == block.trailingZeroBitCount, "\(shift) is not log2 of \(block)")
  }

  /// The weight, of a format by the dialect's name for it.
  func view(_ name: String, rows: Int, columns: Int) throws -> WeightView {
    let format = try self.format(name)
    let description = WeightDescription(
      names: ["weight"], format: format, dtype: .f32, shape: [rows, columns], nestedOffset: offset)
    let layout = WeightLayout(
      planning: [SegmentDescription(name: "segment", weights: [description])])
    let entry = layout.entries[0]
    return WeightView(entry, parts: try entry.parts.map { try buffer($0.role).view($0.byteCount) })
  }

  private func format(_ name: String) throws -> WeightFormat {
    if let type = ElementType(rawValue: name) { return .plain(type) }
    if name == "int8_rows" { return .int8Rows }
    if name == "dynamic8" { return .dynamic8(blockSize: block) }
    let words = name.split(separator: "_").map(String.init)
    guard let code = FourBitFormat.Code(rawValue: words[0]),
      FourBitFormat.blockSizes.contains(block)
    else { throw KernelFault("no format \(name) with blocks of \(block)") }
    return .fourBit(FourBitFormat(code, blockSize: block, isNested: words.last == "nested"))
  }

  private func buffer(_ role: PartRole) -> KernelBuffer {
    switch role {
    case .payload: payload
    case .absmax, .rowAbsmax: scales
    case .nestedAbsmax: outer
    case .nestedTable, .table: table
    }
  }
}

extension KernelBuffer {
  /// A plain weight of this shape.
  func plainWeight(_ type: ElementType, _ shape: Int...) throws -> WeightView {
    let description = WeightDescription(
      names: ["weight"], format: .plain(type), dtype: type, shape: shape)
    let layout = WeightLayout(
      planning: [SegmentDescription(name: "segment", weights: [description])])
    return WeightView(layout.entries[0], parts: [try view(shape.reduce(type.byteCount, *))])
  }
}
