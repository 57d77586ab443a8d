import FerryDevices
import FerryFormats
import FerryTensors

/// Weights of random content, whose numbers are finite and small.
enum SyntheticWeight {
  /// Fills one part of a weight in host memory.
  static func fill(
    _ bytes: UnsafeMutableRawBufferPointer, _ part: PartSpecification, seed: UInt64
  ) {
    switch (part.role, part.elementType) {
    case (.nestedTable, _), (.table, _):
      CodeTables.dynamic8.withUnsafeBytes { bytes.copyMemory(from: $0) }
    case (.payload, .bf16): Noise.fillBFloat16(bytes, seed: seed)
    case (.payload, .f32): Noise.fillFloat(bytes, seed: seed)
    case (.rowAbsmax, .f32): Noise.fillStatistics(bytes, seed: seed, low: 0.0625)
    case (_, .f32): Noise.fillStatistics(bytes, seed: seed, low: 0.0078125)
    default: Noise.fill(bytes, seed: seed)
    }
  }

  /// A weight on a device.
  static func make(
    _ format: WeightFormat, shape: [Int], on context: DeviceContext, seed: UInt64
  ) throws -> WeightView {
    let description = WeightDescription(
      names: ["weight"], format: format, dtype: .bf16, shape: shape)
    let layout = WeightLayout(planning: [SegmentDescription(name: "weight", weights: [description])]
    )
    let entry = layout.entries[0]
    let memory = try context.allocate(byteCount: layout.imageByteCount).view
    let views = try entry.parts.map { part in
      let view = memory[part.imageOffset, count: part.byteCount]
      try upload(part.specification, to: view, on: context, seed: seed)
      return view
    }
    return WeightView(entry, parts: views)
  }

  /// A tensor on a device.
  static func tensor(
    _ type: ElementType, shape: [Int], on context: DeviceContext, seed: UInt64
  ) throws -> Tensor {
    Tensor(
      try make(.plain(type), shape: shape, on: context, seed: seed).payload, type, shape: shape)
  }

  private static func upload(
    _ part: PartSpecification, to view: BufferView, on context: DeviceContext, seed: UInt64
  ) throws {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(view.byteCount, 8), alignment: 4096)
    defer { bytes.deallocate() }
    let filled = UnsafeMutableRawBufferPointer(rebasing: bytes[..<view.byteCount])
    fill(filled, part, seed: seed)
    try context.compute.upload(UnsafeRawBufferPointer(filled), to: view)
    try context.compute.synchronize()
  }
}
