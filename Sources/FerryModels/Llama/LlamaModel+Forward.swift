package import FerryFormats
import FerryOperations
package import FerryTensors

extension LlamaModel {
  package func scratchByteCount(rows: Int, elementType: ElementType) -> Int {
    let c = configuration
    let widths =
      [c.hiddenSize, c.hiddenSize, c.hiddenSize, c.queryWidth, c.queryWidth]
      + [c.keyValueWidth, c.keyValueWidth, c.intermediateSize, c.intermediateSize]
    let activations = widths.map { $0 * rows * elementType.byteCount }
    return ScratchArena.byteCount(
      activations + [rows * c.headSize * 4, c.hiddenSize * elementType.byteCount]
        + [c.vocabularySize * 4])
  }

  package func forward(_ tokens: [Int32], in pass: ForwardPass) throws -> Tensor? {
    let activations = try Activations(tokens.count, configuration, pass)
    try pass.operations.gatherRows(
      tokens, of: try weight(embedding, pass.step), into: activations.state)
    for (index, layer) in layers.enumerated() {
      let weights = try pass.step.acquire(segment: layer.segment)
      try attend(layer, weights, cacheLayer: index, activations, pass)
      try feedForward(layer, weights, activations, pass)
    }
    return pass.wantsLogits ? try logits(of: activations.state, pass) : nil
  }

  private func weight(_ number: WeightNumber, _ step: any WeightStep) throws -> WeightView {
    try step.acquire(segment: number.segment)[number.entry]
  }

  /// state += output(attention(rotated queries, cached keys, cached values)) of the normed state.
  private func attend(
    _ layer: LlamaLayer, _ weights: ResidentSegment, cacheLayer: Int, _ a: Activations,
    _ pass: ForwardPass
  ) throws {
    let operations = pass.operations
    let (keys, values) = (pass.cache.keys(layer: cacheLayer), pass.cache.values(layer: cacheLayer))
    try operations.rmsNorm(
      a.state, weight: weights[layer.inputNorm], epsilon: configuration.normEpsilon, into: a.normed)
    try linear(a.normed, layer.query, weights, into: a.queries, pass)
    try linear(a.normed, layer.key, weights, into: a.keys, pass)
    try linear(a.normed, layer.value, weights, into: a.values, pass)
    try rotate(a.queries, heads: configuration.headCount, a, operations)
    try rotate(a.keys, heads: configuration.keyValueHeadCount, a, operations)
    try operations.store(a.keys, intoRowsOf: keys, at: pass.firstPosition)
    try operations.store(a.values, intoRowsOf: values, at: pass.firstPosition)
    try operations.attention(
      queries: a.queries, keys: keys, values: values, shape: shape(of: layer),
      firstPosition: pass.firstPosition, into: a.attended)
    try linear(a.attended, layer.output, weights, into: a.change, pass)
    try operations.add(a.change, to: a.state)
  }

  /// state += down(silu(gate(x)) · up(x)) of the normed state x.
  private func feedForward(
    _ layer: LlamaLayer, _ weights: ResidentSegment, _ a: Activations, _ pass: ForwardPass
  ) throws {
    let operations = pass.operations
    try operations.rmsNorm(
      a.state, weight: weights[layer.postNorm], epsilon: configuration.normEpsilon, into: a.normed)
    try linear(a.normed, layer.gate, weights, into: a.gate, pass)
    try linear(a.normed, layer.up, weights, into: a.up, pass)
    try operations.siluMultiply(gate: a.gate, up: a.up, into: a.gate)
    try linear(a.gate, layer.down, weights, into: a.change, pass)
    try operations.add(a.change, to: a.state)
  }

  /// The last row through norm and head.
  private func logits(of state: Tensor, _ pass: ForwardPass) throws -> Tensor {
    let last = state.rows(state.rowCount - 1..<state.rowCount)
    let normed = pass.rows(1, configuration.hiddenSize)
    let logits = pass.scratch.take(.f32, shape: [1, configuration.vocabularySize])
    try pass.operations.rmsNorm(
      last, weight: try weight(norm, pass.step), epsilon: configuration.normEpsilon, into: normed)
    try pass.operations.linear(
      normed, weight: try weight(head, pass.step), bias: nil, arithmetic: pass.arithmetic,
      into: logits)
    return logits
  }

  private func linear(
    _ input: Tensor, _ numbers: LinearNumbers, _ weights: ResidentSegment, into output: Tensor,
    _ pass: ForwardPass
  ) throws {
    try pass.operations.linear(
      input, weight: weights[numbers.weight], bias: numbers.bias.map { weights[$0] },
      arithmetic: pass.arithmetic, into: output)
  }

  /// The tables hold the rows of this pass alone, so the first row is table row 0.
  private func rotate(
    _ values: Tensor, heads: Int, _ a: Activations, _ operations: any Operations
  ) throws {
    let size = configuration.headSize
    try operations.rotate(
      values, heads: HeadShape(count: heads, size: size, rotarySize: size), tables: a.rotations,
      firstPosition: 0)
  }

  private func shape(of layer: LlamaLayer) -> AttentionShape {
    AttentionShape(
      heads: configuration.headCount, keyValueHeads: configuration.keyValueHeadCount,
      headSize: configuration.headSize,
      scale: 1 / Float(configuration.headSize).squareRoot(), window: layer.window)
  }
}

/// The activations of a pass, one row a token.
private struct Activations {
  /// What layers add to: [rows, hidden].
  let state: Tensor
  /// A norm's output, and what a block adds: [rows, hidden].
  let normed, change: Tensor
  /// [rows, heads · size]
  let queries, attended: Tensor
  /// [rows, key heads · size]
  let keys, values: Tensor
  /// [rows, intermediate]
  let gate, up: Tensor
  /// Cosines and sines: f32 [rows, 2, size/2].
  let rotations: Tensor

  init(_ rows: Int, _ c: LlamaConfiguration, _ pass: ForwardPass) throws {
    state = pass.rows(rows, c.hiddenSize)
    normed = pass.rows(rows, c.hiddenSize)
    change = pass.rows(rows, c.hiddenSize)
    queries = pass.rows(rows, c.queryWidth)
    attended = pass.rows(rows, c.queryWidth)
    keys = pass.rows(rows, c.keyValueWidth)
    values = pass.rows(rows, c.keyValueWidth)
    gate = pass.rows(rows, c.intermediateSize)
    up = pass.rows(rows, c.intermediateSize)
    let positions = pass.firstPosition..<pass.firstPosition + rows
    rotations = try pass.scratch.upload(
      c.rotary.table(positions: positions, length: pass.length), shape: [rows, 2, c.headSize / 2])
  }
}
