import FerryCheckpoints
import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryTensors

/// A weight in host memory, in the format it is to be written in.
struct ConvertedWeight {
  /// Its parts, in canonical order.
  let parts: [UnsafeRawBufferPointer]
  /// What is added to every decoded nested absmax.
  let nestedOffset: Float
  /// What keeps the parts alive.
  private let memory: Allocation?

  /// Parts that `memory`, or the caller, keeps alive.
  init(_ parts: [UnsafeRawBufferPointer], nestedOffset: Float, memory: Allocation? = nil) {
    self.parts = parts
    self.nestedOffset = nestedOffset
    self.memory = memory
  }
}

/// Reads weights of a checkpoint, and encodes or decodes them on a device.
struct WeightConverter {
  private let source: SourceWeights
  private let host: DeviceContext
  private let operations: any Operations

  /// A converter that computes with `operations` and whose results lie in the memory of `host`.
  init(_ source: SourceWeights, host: DeviceContext, operations: any Operations) {
    self.source = source
    self.host = host
    self.operations = operations
  }

  /// The weight, converted.
  func convert(_ item: ConversionPlan.Item) throws -> ConvertedWeight {
    switch item.action {
    case .keep: try read(item.weight)
    case .cast(let type): try quantize(item.weight, into: .plain(type))
    case .quantize(let format): try quantize(item.weight, into: format)
    case .dequantize(let type): try dequantize(item.weight, as: type)
    }
  }

  private func read(_ weight: SourceWeight) throws -> ConvertedWeight {
    let place = try WeightPlace(weight, weight.format, on: host)
    try place.fill(from: source)
    return place.converted(nestedOffset: weight.stored.nestedOffset)
  }

  private func quantize(_ weight: SourceWeight, into format: WeightFormat) throws -> ConvertedWeight
  {
    let values = try moved(WeightPlace(weight, weight.format, on: host, filledFrom: source))
    let target = try WeightPlace(weight, format, on: operations.context)
    guard weight.shape.reduce(1, *) > 0 else { return target.converted(nestedOffset: 0) }
    let tensor = Tensor(values.view.payload, weight.elementType, shape: weight.shape)
    let offset: Float
    do {
      offset = try operations.quantize(tensor, into: target.view)
    } catch let error as FormatError {
      throw CheckpointError(
        .malformed, file: source.checkpoint.path, tensor: weight.name, error.message)
    }
    return try target.downloaded(to: host).converted(nestedOffset: offset)
  }

  private func dequantize(_ weight: SourceWeight, as type: ElementType) throws -> ConvertedWeight {
    let stored = try moved(WeightPlace(weight, weight.format, on: host, filledFrom: source))
    let target = try WeightPlace(weight, .plain(type), on: operations.context)
    guard weight.shape.reduce(1, *) > 0 else { return target.converted(nestedOffset: 0) }
    try operations.dequantize(
      stored.view, into: Tensor(target.view.payload, type, shape: weight.shape))
    return try target.downloaded(to: host).converted(nestedOffset: 0)
  }

  private func moved(_ place: WeightPlace) throws -> WeightPlace {
    operations.context === host ? place : try place.uploaded(to: operations.context)
  }
}

/// Room for the parts of one weight on one device.
private struct WeightPlace {
  let weight: SourceWeight
  let layout: WeightLayout
  let memory: Allocation?
  let view: WeightView

  init(
    _ weight: SourceWeight, _ format: WeightFormat, on context: DeviceContext,
    filledFrom source: SourceWeights? = nil
  ) throws {
    let description = WeightDescription(
      names: [weight.name], format: format, dtype: weight.elementType, shape: weight.shape,
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

  /// The same in host memory, once queued work is done; itself if it is there.
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
