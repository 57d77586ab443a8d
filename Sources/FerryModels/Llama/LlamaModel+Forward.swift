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
      activations + [c.hiddenSize * elementType.byteCount, c.vocabularySize * 4])
  }

  /// A cosine and a sine for each pair of a head's elements.
  package var positionTableWidth: Int { configuration.headSize }

  package func positionTable(_ positions: Range<Int>, length: Int) -> [Float] {
    configuration.rotary.table(positions: positions, length: length)
  }

  package func forward(in pass: ForwardPass) throws -> Tensor? {
    let a = Activations(configuration, pass)
    try pass.operations.gatherRows(
      pass.inputs.tokens, of: try weight(embedding, pass.step), into: a.state)
    for (index, layer) in layers.enumerated() {
      try attend(layer.attention, index, a, pass)
      try feedForward(layer.feedForward, a, pass)
    }
    return pass.wantsLogits ? try logits(a, pass) : nil
  }

  private func weight(_ number: WeightNumber, _ step: any WeightStep) throws -> WeightView {
    try step.acquire(segment: number.segment)[number.entry]
  }

  /// state += change, and normed = norm(state), with which the next block begins.
  private func change(
    _ state: Tensor, by change: Tensor, norm: WeightView, into normed: Tensor, _ pass: ForwardPass
  ) throws {
    try pass.operations.addAndNormalize(
      change, to: state, weight: norm, epsilon: configuration.normEpsilon, into: normed)
  }

  /// change = output(attention(rotated queries, cached keys, cached values)) of the normed state, to which the
  /// last change was added where there is one.
  private func attend(
    _ layer: LlamaAttention, _ index: Int, _ a: Activations, _ pass: ForwardPass
  ) throws {
    let weights = try pass.step.acquire(segment: layer.segment)
    let cache = pass.cache.rows(layer: index)
    let shape = shape(of: layer)
    if index == 0 {
      try pass.operations.rmsNorm(
        a.state, weight: weights[layer.norm], epsilon: configuration.normEpsilon, into: a.normed)
    } else {
      try change(a.state, by: a.change, norm: weights[layer.norm], into: a.normed, pass)
    }
    try linear(
      a.normed,
      [(layer.query, a.queries), (layer.key, a.keys), (layer.value, a.values)], weights, pass)
    try pass.operations.rotateAndStore(
      ProjectedRows(
        queries: a.queries, keys: a.keys, values: a.values, shape: shape,
        rotarySize: shape.headSize),
      tables: a.rotations, into: cache, at: pass.inputs.position)
    try pass.operations.attention(
      queries: a.queries, keys: cache.keys, values: cache.values, shape: shape,
      firstPosition: pass.inputs.position, into: a.attended)
    try linear(a.attended, [(layer.output, a.change)], weights, pass)
  }

  /// change = down(silu(gate(x)) · up(x)) of the normed state x, to which the last change was added.
  private func feedForward(
    _ layer: LlamaFeedForward, _ a: Activations, _ pass: ForwardPass
  ) throws {
    let weights = try pass.step.acquire(segment: layer.segment)
    try change(a.state, by: a.change, norm: weights[layer.norm], into: a.normed, pass)
    try linear(a.normed, [(layer.gate, a.gate), (layer.up, a.up)], weights, pass)
    try pass.operations.siluMultiply(gate: a.gate, up: a.up, into: a.gate)
    try linear(a.gate, [(layer.down, a.change)], weights, pass)
  }

  /// The last row, with the last change, through norm and head.
  private func logits(_ a: Activations, _ pass: ForwardPass) throws -> Tensor {
    let last = pass.rowCount - 1..<pass.rowCount
    let normed = pass.rows(1, configuration.hiddenSize)
    let logits = pass.scratch.take(.f32, shape: [1, configuration.vocabularySize])
    try change(
      a.state.rows(last), by: a.change.rows(last), norm: try weight(norm, pass.step), into: normed,
      pass)
    try pass.operations.linear(
      normed, weight: try weight(head, pass.step), bias: nil, arithmetic: pass.arithmetic,
      into: logits)
    return logits
  }

  /// Layers of one input, each with its output.
  private func linear(
    _ input: Tensor, _ layers: [(numbers: LinearNumbers, output: Tensor)],
    _ weights: ResidentSegment, _ pass: ForwardPass
  ) throws {
    try pass.operations.linear(
      input,
      layers: layers.map { layer in
        LinearLayer(
          weights[layer.numbers.weight], bias: layer.numbers.bias.map { weights[$0] },
          into: layer.output)
      }, arithmetic: pass.arithmetic)
  }

  private func shape(of layer: LlamaAttention) -> AttentionShape {
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

  init(_ c: LlamaConfiguration, _ pass: ForwardPass) {
    let rows = pass.rowCount
    state = pass.rows(rows, c.hiddenSize)
    normed = pass.rows(rows, c.hiddenSize)
    change = pass.rows(rows, c.hiddenSize)
    queries = pass.rows(rows, c.queryWidth)
    attended = pass.rows(rows, c.queryWidth)
    keys = pass.rows(rows, c.keyValueWidth)
    values = pass.rows(rows, c.keyValueWidth)
    gate = pass.rows(rows, c.intermediateSize)
    up = pass.rows(rows, c.intermediateSize)
    rotations = pass.inputs.table.reshaped([rows, 2, c.headSize / 2])
  }
}
