import FerryDevices
import FerryFormats
import FerryTensors

extension KernelOperations {
  /// Computes a layer of many rows on matrix units; false, with nothing done, where it is not for them or
  /// the device has no room for a decoded weight.
  func tiledLinear(_ call: LinearCall) throws -> Bool {
    let layer = ManyRowsLayer(call)
    guard usesMatrixUnits, let plan = ManyRowsPlan(layer) else { return false }
    switch plan {
    case .coded: try codedTiles(call, layer)
    case .plain: try product(call, layer, weight: call.weight.payload)
    case .dequantized:
      guard let weight = try decodedWeight(call) else { return false }
      try product(call, layer, weight: weight)
    }
    return true
  }

  private func codedTiles(_ call: LinearCall, _ layer: ManyRowsLayer) throws {
    let shape = TileShape.coded(layer, processors: processors)
    let bits = call.weight.fourBitWords == nil ? 8 : 4
    try launch(
      .codedTiles, shape.codedDefines(bits: bits, product: layer.input.rawValue),
      groups: shape.groups(layer), of: shape.threads,
      [.buffer(call.input.view)] + call.weight.kernelArguments
        + (call.weight.fourBitWords ?? [.uint32(0), .uint32(0)]) + call.biasArguments
        + call.outputArguments + call.extents)
  }

  /// The product with a plain weight of the activations' type: the vendor's, else our own.
  private func product(
    _ call: LinearCall, _ layer: ManyRowsLayer, weight: BufferView
  ) throws {
    if try vendorProduct(call, layer, weight: weight) { return }
    let shape = TileShape.matrix(layer, processors: processors)
    try launch(
      .matrixTiles, shape.matrixDefines(product: layer.input.rawValue),
      groups: shape.groups(layer), of: shape.threads,
      [.buffer(call.input.view), .buffer(weight)] + call.biasArguments + call.outputArguments
        + call.extents)
  }
}

// MARK: - The vendor's products

extension KernelOperations {
  /// Whether the vendor's library has done it. A bias is added before the one rounding, which it does
  /// not do for us.
  private func vendorProduct(
    _ call: LinearCall, _ layer: ManyRowsLayer, weight: BufferView
  ) throws -> Bool {
    guard call.bias == nil, let products = context.backend.vendorProducts,
      let input = ProductShape.Element(rawValue: layer.input.rawValue),
      let output = ProductShape.Element(rawValue: call.output.elementType.rawValue),
      output == input || output == .f32
    else { return false }
    let shape = ProductShape(
      m: layer.rows, n: layer.outputs, k: layer.columns, input: input, output: output)
    do throws(DeviceError) {
      try products.multiply(
        call.input.view, weight, into: call.output.view, shape: shape, on: context.compute)
    } catch {
      guard error.code == .unavailable else { throw error }
      return false
    }
    return true
  }
}

// MARK: - Decoded weights

extension KernelOperations {
  /// The weight in scratch memory, rounded to the activations' type; nil where there is no room for it.
  private func decodedWeight(_ call: LinearCall) throws -> BufferView? {
    let type = call.input.elementType
    let count = call.weight.rowCount * call.weight.columnCount
    guard let view = try scratchWithRoom(byteCount: count * type.byteCount) else { return nil }
    try dequantize(call.weight, into: Tensor(view, type, shape: [count]))
    return view
  }

  /// Scratch memory of that size; nil where the device has no room for it.
  func scratchWithRoom(byteCount: Int) throws(DeviceError) -> BufferView? {
    do throws(DeviceError) {
      return try scratch.views([byteCount])[0]
    } catch {
      guard error.code == .outOfMemory || error.code == .allocationTooLarge else { throw error }
      return nil
    }
  }
}

// MARK: - LLM.int8()

extension KernelOperations {
  /// The product of codes in tiles; false, with nothing done, where the layer is not for them.
  func int8Tiles(
    _ call: LinearCall, codes: BufferView, absmax: BufferView, outliers: BufferView?
  ) throws -> Bool {
    let layer = ManyRowsLayer(call)
    guard usesMatrixUnits, layer.isMultipliedAsCodes else { return false }
    let shape = TileShape.matrix(layer, processors: processors)
    try launch(
      .int8Tiles,
      shape.matrixDefines(product: "s8").merging(["INPUT": layer.input.rawValue]) { $1 },
      groups: shape.groups(layer), of: shape.threads,
      [
        .buffer(call.input.view), .buffer(codes), .buffer(absmax), .buffer(outliers ?? absmax),
        .uint32(outliers == nil ? 0 : 1), .buffer(call.weight.payload),
        .buffer(call.weight.parts[1]),
      ] + call.biasArguments + call.outputArguments + call.extents)
    return true
  }
}

extension LinearCall {
  /// The output and its type, for kernels that learn it from the call.
  fileprivate var outputArguments: [KernelArgument] {
    [.buffer(output.view), .uint32(output.elementType.kernelNumber)]
  }
}

extension WeightView {
  /// The code (0 NF4, 1 FP4) and whether absmax is nested, for kernels of both; nil for other formats.
  fileprivate var fourBitWords: [KernelArgument]? {
    guard case .fourBit(let format) = entry.format else { return nil }
    return [.uint32(format.code == .fp4 ? 1 : 0), .uint32(format.isNested ? 1 : 0)]
  }
}
