import FerryCheckpoints
import FerryDevices
import FerryFormats
import FerryModels
import FerryTensors

/// Memory for the parts of one weight on one device.
struct WeightPlace {
  let weight: SourceWeight
  let layout: WeightLayout
  let memory: Allocation?
  let view: WeightView

  init(
    _ weight: SourceWeight, _ format: WeightFormat, shape: [Int]? = nil,
    on context: DeviceContext, filledFrom source: SourceWeights? = nil
  ) throws {
    let description = WeightDescription(
      names: [weight.name], format: format, dtype: weight.elementType,
      shape: shape ?? weight.shape,
      nestedOffset: format == weight.format ? weight.stored.nestedOffset : 0)
    let layout = WeightLayout(planning: [
      SegmentDescription(name: weight.name, weights: [description])
    ])
    try self.init(weight, layout, on: context)
    if let source { try fill(from: source) }
  }

  private init(_ weight: SourceWeight, _ layout: WeightLayout, on context: DeviceContext) throws {
    self.weight = weight
    self.layout = layout
    let memory = try context.allocate(byteCount: max(1, layout.imageByteCount))
    self.memory = memory
    let place = SegmentPlace.assembled(memory.view[0, count: layout.imageByteCount])
    let parts = layout.entries[0].parts.map { place.view(of: $0, in: layout.segments[0]) }
    view = WeightView(layout.entries[0], parts: parts)
  }

  /// Reads the stored parts into host memory.
  func fill(from source: SourceWeights) throws {
    for (index, part) in view.parts.enumerated() {
      guard let bytes = part.mutableHostBytes else { preconditionFailure("host memory") }
      try source.read(part: index, of: weight, into: bytes)
    }
  }

  func uploaded(to context: DeviceContext) throws -> WeightPlace {
    let copy = try WeightPlace(weight, layout, on: context)
    if let memory, let target = copy.memory, let bytes = memory.view.hostBytes {
      try context.compute.upload(bytes, to: target.view)
      try context.compute.synchronize()
    }
    return copy
  }

  /// Returns the weight in host memory, after waiting for queued work; returns itself if it is already there.
  func downloaded(to host: DeviceContext) throws -> WeightPlace {
    guard let memory else { return self }
    try memory.context.compute.synchronize()
    guard memory.context !== host else { return self }
    let copy = try WeightPlace(weight, layout, on: host)
    if let target = copy.memory?.view.mutableHostBytes {
      try memory.context.compute.download(memory.view, to: target)
      try memory.context.compute.synchronize()
    }
    return copy
  }

  func converted(nestedOffset: Float) -> ConvertedWeight {
    ConvertedWeight(
      view.parts.map { $0.hostBytes ?? UnsafeRawBufferPointer(start: nil, count: 0) },
      nestedOffset: nestedOffset, memory: memory)
  }
}

// MARK: - Plain elements in host memory

extension WeightPlace {
  private var elements: UnsafeMutableRawBufferPointer {
    guard let bytes = view.parts[0].mutableHostBytes else { preconditionFailure("host memory") }
    return bytes
  }

  /// Returns an element of a plain weight.
  func value(_ type: ElementType, at index: Int) -> Float {
    switch type {
    case .f16: Float(elements.bindMemory(to: Float16.self)[index])
    case .bf16: Float(bitPattern: UInt32(elements.bindMemory(to: UInt16.self)[index]) << 16)
    default: elements.bindMemory(to: Float.self)[index]
    }
  }

  /// Returns the index of the first element that is infinite or NaN; nil if there is none, or if there cannot be one
  /// because `type` has the range of f32.
  func firstInfinity(of type: ElementType) -> Int? {
    let exponent: UInt16
    switch type {
    case .f16: exponent = 0x7c00
    case .bf16: exponent = 0x7f80
    default: return nil
    }
    return elements.bindMemory(to: UInt16.self).firstIndex { $0 & exponent == exponent }
  }

  /// Exchanges the rows and columns of a plain matrix, in tiles that fit the caches.
  func transpose(rows: Int, columns: Int) {
    guard rows > 0, columns > 0 else { return }
    let size = elements.count / (rows * columns)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: elements.count, alignment: 64)
    defer { copy.deallocate() }
    copy.copyMemory(from: UnsafeRawBufferPointer(elements))
    switch size {
    case 2: exchange(copy, of: UInt16.self, rows: rows, columns: columns)
    default: exchange(copy, of: UInt32.self, rows: rows, columns: columns)
    }
  }

  private func exchange<Bits: FixedWidthInteger>(
    _ copy: UnsafeMutableRawBufferPointer, of type: Bits.Type, rows: Int, columns: Int
  ) {
    let (source, target) = (copy.bindMemory(to: type), elements.bindMemory(to: type))
    let tile = 32
    for top in stride(from: 0, to: rows, by: tile) {
      for left in stride(from: 0, to: columns, by: tile) {
        for row in top..<min(top + tile, rows) {
          for column in left..<min(left + tile, columns) {
            target[column * rows + row] = source[row * columns + column]
          }
        }
      }
    }
  }
}
