import FerryDevices
import FerryFormats
import FerryTensors

extension KernelOperations {
  /// Attends on matrix units; false, with nothing done, where the layer is not for them or the device has
  /// no room for the results of ranges.
  ///
  /// Weights of positions are rounded to the type of the values: beside the output's rounding, a result
  /// is off by at most 2⁻¹¹ (f16) or 2⁻⁸ (bf16) of the largest value that it sees.
  func attendInTiles(_ operands: AttentionOperands, at position: Position) throws -> Bool {
    guard let plan = attentionPlan(AttentionLayer(operands)) else { return false }
    guard plan.isSplit else {
      try launch(plan, operands, at: position, into: operands.output.view)
      return true
    }
    let queries = operands.queries.rowCount * operands.shape.heads
    let headSize = operands.shape.headSize
    let byteCount = plan.groups.z * queries * (headSize + 2) * ElementType.f32.byteCount
    guard let partials = try scratchWithRoom(byteCount: byteCount) else { return false }
    try launch(plan, operands, at: position, into: partials)
    try launch(
      .attentionMerge, plan.defines, groups: GridSize(queries), of: headSize,
      [.buffer(partials), .buffer(operands.output.view)]
        + [plan.groups.z, queries].map { .uint32(UInt32($0)) })
    return true
  }

  private func attentionPlan(_ layer: AttentionLayer) -> AttentionPlan? {
    guard usesMatrixUnits, let plan = AttentionPlan(layer, processors: processors),
      context.backend.limits.maximumGroupSize >= max(plan.threads, layer.shape.headSize),
      library.offers(.attentionTiles, plan.defines)
    else { return nil }
    return plan
  }

  private func launch(
    _ plan: AttentionPlan, _ operands: AttentionOperands, at position: Position,
    into target: BufferView
  ) throws {
    try launch(
      .attentionTiles, plan.defines, groups: plan.groups, of: plan.threads,
      operands.arguments(position, into: target) + [.uint32(UInt32(operands.queries.rowCount))])
  }
}
