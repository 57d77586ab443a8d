import FerryOperations
package import FerryTensors

extension BertModel {
  package func encode(in pass: EncodingPass) throws -> Tensor {
    let a = Activations(configuration, pass)
    try embed(a, pass)
    for layer in layers {
      try attend(layer.attention, a, pass)
      try feedForward(layer.feedForward, a, pass)
    }
    return a.state
  }

  /// state = norm(word + type + position).
  private func embed(_ a: Activations, _ pass: EncodingPass) throws {
    let weights = try pass.step.acquire(segment: words.segment)
    let inputs = pass.inputs
    try pass.operations.gatherRows(inputs.tokens, of: weights[words.entry], into: a.state)
    for (list, table) in [(inputs.types, types), (inputs.positions, positions)] {
      try pass.operations.gatherRows(list, of: weights[table.entry], into: a.change)
      try pass.operations.add(a.change, to: a.state)
    }
    try normalize(a.state, norm, weights, pass)
  }

  /// state = norm(state + output(attention of each text over itself)).
  private func attend(_ layer: BertAttention, _ a: Activations, _ pass: EncodingPass) throws {
    let weights = try pass.step.acquire(segment: layer.segment)
    try linear(a.state, layer.query, weights, into: a.queries, pass)
    try linear(a.state, layer.key, weights, into: a.keys, pass)
    try linear(a.state, layer.value, weights, into: a.values, pass)
    try pass.operations.attendWithin(
      pass.inputs.rowSpans, queries: a.queries, keys: a.keys, values: a.values, shape: shape,
      into: a.attended)
    try linear(a.attended, layer.output, weights, into: a.change, pass)
    try pass.operations.add(a.change, to: a.state)
    try normalize(a.state, layer.norm, weights, pass)
  }

  /// state = norm(state + down(gelu(up(state)))).
  private func feedForward(_ layer: BertFeedForward, _ a: Activations, _ pass: EncodingPass) throws
  {
    let weights = try pass.step.acquire(segment: layer.segment)
    try linear(a.state, layer.up, weights, into: a.inner, pass)
    try pass.operations.gelu(a.inner, into: a.inner)
    try linear(a.inner, layer.down, weights, into: a.change, pass)
    try pass.operations.add(a.change, to: a.state)
    try normalize(a.state, layer.norm, weights, pass)
  }

  private func normalize(
    _ state: Tensor, _ numbers: NormNumbers, _ weights: ResidentSegment, _ pass: EncodingPass
  ) throws {
    try pass.operations.layerNorm(
      state, weight: weights[numbers.weight], bias: weights[numbers.bias],
      epsilon: configuration.normEpsilon, into: state)
  }

  private func linear(
    _ input: Tensor, _ numbers: LinearNumbers, _ weights: ResidentSegment, into output: Tensor,
    _ pass: EncodingPass
  ) throws {
    try pass.operations.linear(
      input, weight: weights[numbers.weight], bias: numbers.bias.map { weights[$0] },
      arithmetic: pass.arithmetic, into: output)
  }

  private var shape: AttentionShape {
    AttentionShape(
      heads: configuration.headCount, keyValueHeads: configuration.headCount,
      headSize: configuration.headSize, scale: 1 / Float(configuration.headSize).squareRoot())
  }
}

/// The activations of a pass, one row a token.
private struct Activations {
  /// What layers add to, and what they add: [rows, hidden].
  let state, change: Tensor
  /// [rows, hidden]
  let queries, keys, values, attended: Tensor
  /// [rows, intermediate]
  let inner: Tensor

  init(_ c: BertConfiguration, _ pass: EncodingPass) {
    state = pass.rows(c.hiddenSize)
    change = pass.rows(c.hiddenSize)
    queries = pass.rows(c.hiddenSize)
    keys = pass.rows(c.hiddenSize)
    values = pass.rows(c.hiddenSize)
    attended = pass.rows(c.hiddenSize)
    inner = pass.rows(c.intermediateSize)
  }
}
