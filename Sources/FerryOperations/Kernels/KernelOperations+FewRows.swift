import FerryDevices
import FerryFormats
import FerryTensors

extension KernelOperations {
  /// Computes a layer of few rows on matrix units; false, with nothing done, where it is not for them.
  func fewRowsLinear(_ call: LinearCall) throws -> Bool {
    guard let plan = fewRowsPlan(call.fewRows) else { return false }
    try launch(plan, call, input: call.input.view, [])
    return true
  }

  /// The product of codes with what the outlier columns add; false, with nothing done, where the layer is
  /// not for matrix units.
  func fewRowsInt8(
    _ call: LinearCall, codes: BufferView, absmax: BufferView, outliers: BufferView?
  ) throws -> Bool {
    var layer = call.fewRows
    layer.quantizesActivations = true
    layer.isAligned = codes.offset % 16 == 0 && call.weight.payload.offset % 16 == 0
    guard let plan = fewRowsPlan(layer) else { return false }
    try launch(
      plan, call, input: codes,
      [
        .buffer(call.input.view), .uint32(call.input.elementType.kernelNumber), .buffer(absmax),
        .buffer(outliers ?? absmax), .uint32(outliers == nil ? 0 : 1),
      ])
    return true
  }

  private func fewRowsPlan(_ layer: FewRowsLayer) -> FewRowsPlan? {
    guard usesMatrixUnits, context.backend.limits.maximumGroupSize >= FewRowsPlan.threads else {
      return nil
    }
    guard let plan = FewRowsPlan(layer, processors: processors),
      library.offers(.linearRows, plan.defines(input: layer.input))
    else { return nil }
    return plan
  }

  private func launch(
    _ plan: FewRowsPlan, _ call: LinearCall, input: BufferView, _ more: [KernelArgument]
  ) throws {
    let code: UInt32 =
      if case .fourBit(let format) = call.weight.entry.format,
        format.code == .fp4
      { 1 } else { 0 }
    try launch(
      .linearRows, plan.defines(input: call.input.elementType), groups: plan.groups,
      of: FewRowsPlan.threads,
      [.buffer(input)] + call.weight.kernelArguments + [.uint32(code)] + call.biasArguments
        + [.buffer(call.output.view), .uint32(call.output.elementType.kernelNumber)]
        + call.extents + [.uint32(UInt32(plan.partsShift)), .uint32(UInt32(plan.warpSteps))]
        + more)
  }
}

extension LinearCall {
  fileprivate var fewRows: FewRowsLayer {
    FewRowsLayer(
      rows: input.rowCount, columns: weight.columnCount, outputs: weight.rowCount,
      format: weight.entry.format, input: input.elementType,
      isAligned: input.view.offset % 16 == 0 && weight.payload.offset % 16 == 0)
  }
}
