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
    case .cast(let type): try quantize(item.weight, into: .plain(type), transposed: false)
    case .quantize(let format, let transposed):
      try quantize(item.weight, into: format, transposed: transposed)
    case .dequantize(let type, let transposed):
      try dequantize(item.weight, as: type, transposed: transposed)
    }
  }

  private func read(_ weight: SourceWeight) throws -> ConvertedWeight {
    let place = try WeightPlace(weight, weight.format, on: host)
    try place.fill(from: source)
    return place.converted(nestedOffset: weight.stored.nestedOffset)
  }

  private func quantize(
    _ weight: SourceWeight, into format: WeightFormat, transposed: Bool
  ) throws -> ConvertedWeight {
    let shape = transposed ? weight.shape.reversed() : weight.shape
    let stored = try WeightPlace(weight, weight.format, on: host, filledFrom: source)
    if transposed { stored.transpose(rows: weight.shape[0], columns: weight.shape[1]) }
    let values = try moved(stored)
    let target = try WeightPlace(weight, format, shape: shape, on: operations.context)
    guard weight.shape.reduce(1, *) > 0 else { return target.converted(nestedOffset: 0) }
    let tensor = Tensor(values.view.payload, weight.elementType, shape: shape)
    let offset: Float
    do {
      offset = try operations.quantize(tensor, into: target.view)
    } catch let error as FormatError {
      throw CheckpointError(
        .malformed, file: source.checkpoint.path, tensor: weight.name, error.message)
    }
    return try target.downloaded(to: host).converted(nestedOffset: offset)
  }

  private func dequantize(
    _ weight: SourceWeight, as type: ElementType, transposed: Bool
  ) throws -> ConvertedWeight {
    let result = try decoded(weight, as: type)
    if let index = result.firstInfinity(of: type) {
      try refuseOverflow(of: weight, as: type, from: index)
    }
    if transposed { result.transpose(rows: weight.shape[0], columns: weight.shape[1]) }
    return result.converted(nestedOffset: 0)
  }

  /// Returns the weight decoded to a plain type, in host memory.
  private func decoded(_ weight: SourceWeight, as type: ElementType) throws -> WeightPlace {
    let stored = try moved(WeightPlace(weight, weight.format, on: host, filledFrom: source))
    let target = try WeightPlace(weight, .plain(type), on: operations.context)
    guard weight.shape.reduce(1, *) > 0 else { return target }
    try operations.dequantize(
      stored.view, into: Tensor(target.view.payload, type, shape: weight.shape))
    return try target.downloaded(to: host)
  }

  /// Throws if an element that is infinite in `type` is finite in f32; elements before number `first` have been
  /// checked.
  private func refuseOverflow(of weight: SourceWeight, as type: ElementType, from first: Int) throws
  {
    let (narrow, wide) = (try decoded(weight, as: type), try decoded(weight, as: .f32))
    for index in first..<weight.shape.reduce(1, *) where narrow.value(type, at: index).isInfinite {
      let value = wide.value(.f32, at: index)
      guard value.isFinite else { continue }
      throw CheckpointError(
        .unsupported, file: source.checkpoint.path, tensor: weight.name,
        FormatError.overflow(value, of: type, at: index).message)
    }
  }

  private func moved(_ place: WeightPlace) throws -> WeightPlace {
    operations.context === host ? place : try place.uploaded(to: operations.context)
  }
}
