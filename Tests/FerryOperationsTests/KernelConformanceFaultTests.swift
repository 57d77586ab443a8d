import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Glibc
import Testing

/// The suite itself: it passes the reference, and finds implementations that are slightly wrong.
@Suite struct KernelConformanceFaultTests {
  @Test(arguments: FaultyOperations.Fault.allCases)
  func findsTheFault(_ fault: FaultyOperations.Fault) throws {
    let checks = OperationConformance.checks.filter { $0.name.hasPrefix(fault.rawValue) }
    let check = try #require(checks.first)
    try check.run(on: HostBackend()) { ReferenceOperations(context: $0) }
    #expect(throws: ConformanceFailure.self) {
      try check.run(on: HostBackend()) {
        FaultyOperations(base: ReferenceOperations(context: $0), fault: fault)
      }
    }
  }
}

/// The reference with one fault.
struct FaultyOperations: Operations {
  /// What is wrong, by the check that has to find it.
  enum Fault: String, CaseIterable {
    case gatherLastBit = "rows are rounded once"
    case normEpsilon = "rmsNorm of a row of zeros"
    case positionOff = "rotate turns"
    case rowOff = "store writes rows"
    case writesBeyond = "add is one rounding"
    case seesTheFuture = "attention is causal"
    case forgetsTheNormBias = "layerNorm of rows of any length"
    case seesOtherTexts = "attendWithin sees the rows"
    case meansTooMuch = "meanRows"
    case approximatesGELU = "gelu"
    case changesTheWeight = "linear with 1, 2, 7"
    case forgetsTheBias = "linear adds a bias"
    case ignoresOutliers = "LLM.int8 multiplies outlier columns"
    case flipsACode = "every block size"
    case ignoresTokenWords = "tokens in device memory"
    case ignoresPositionWords = "positions in device memory are read: store"
    case rotatesKeysToo = "rotateAndStore"
    case forgetsTheSum = "addAndNormalize"
    case forgetsTheSlope = "convolve applies slopes"
    case forgetsTheBase = "shufflePixels"
    case acceptsNaN = "NaN and infinity are refused"
  }

  let base: ReferenceOperations
  let fault: Fault

  var context: DeviceContext { base.context }

  func gatherRows(_ tokens: TokenList, of table: WeightView, into output: Tensor) throws {
    try base.gatherRows(tokens, of: table, into: output)
    if fault == .ignoresTokenWords, case .words = tokens {
      try base.gatherRows(
        .numbers(Array(repeating: 0, count: tokens.count)), of: table, into: output)
    }
    if fault == .gatherLastBit { output.view.mutableHostBytes?[0] ^= 1 }
  }

  func rmsNorm(
    _ input: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    let epsilon = fault == .normEpsilon ? 0 : epsilon
    try base.rmsNorm(input, weight: weight, epsilon: epsilon, into: output)
  }

  func linear(
    _ input: Tensor, weight: WeightView, bias: WeightView?, arithmetic: LinearArithmetic,
    into output: Tensor
  ) throws {
    let arithmetic = fault == .ignoresOutliers ? .llmInt8(threshold: 0) : arithmetic
    try base.linear(
      input, weight: weight, bias: fault == .forgetsTheBias ? nil : bias, arithmetic: arithmetic,
      into: output)
    if fault == .changesTheWeight { weight.payload.mutableHostBytes?[0] ^= 1 }
  }

  func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Position
  ) throws {
    try base.rotate(
      values, heads: heads, tables: tables, firstPosition: shifted(firstPosition, .positionOff))
  }

  func store(_ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Position) throws {
    try base.store(values, intoRowsOf: cache, at: shifted(firstRow, .rowOff))
  }

  func rotateAndStore(
    _ rows: ProjectedRows, tables: Tensor, into cache: CachedRows, at firstRow: Position
  ) throws {
    try base.rotateAndStore(rows, tables: tables, into: cache, at: firstRow)
    if fault == .rotatesKeysToo {
      try base.rotate(rows.keys, heads: rows.keyHeads, tables: tables, firstPosition: 0)
    }
  }

  func addAndNormalize(
    _ values: Tensor, to target: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    let sum = fault == .forgetsTheSum ? target.floats : nil
    try base.addAndNormalize(values, to: target, weight: weight, epsilon: epsilon, into: output)
    if let sum { target.write(sum) }
  }

  /// One further, or 0 instead of what a word says, where that is the fault.
  private func shifted(_ position: Position, _ shifting: Fault) -> Position {
    guard case .number(let number) = position else {
      return fault == .ignoresPositionWords && shifting == .rowOff ? 0 : position
    }
    return .number(number + (fault == shifting ? 1 : 0))
  }

  func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    firstPosition: Position, into output: Tensor
  ) throws {
    let position = shifted(firstPosition, .seesTheFuture)
    try base.attention(
      queries: queries, keys: keys, values: values, shape: shape, firstPosition: position,
      into: output)
  }

  func layerNorm(
    _ input: Tensor, weight: WeightView, bias: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    let bias = fault == .forgetsTheNormBias ? weight : bias
    try base.layerNorm(input, weight: weight, bias: bias, epsilon: epsilon, into: output)
  }

  func attendWithin(
    _ spans: RowSpans, queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    into output: Tensor
  ) throws {
    let all = try spansOver(Array(repeating: 0..<keys.rowCount, count: spans.count))
    try base.attendWithin(
      fault == .seesOtherTexts ? all : spans, queries: queries, keys: keys, values: values,
      shape: shape, into: output)
  }

  func meanRows(_ spans: RowSpans, of input: Tensor, into output: Tensor) throws {
    try base.meanRows(spans, of: input, into: output)
    guard fault == .meansTooMuch, let last = output.floats.last else { return }
    output.write(output.floats.dropLast() + [last + 1])
  }

  /// The approximation by tanh, which differs in the fourth place.
  func gelu(_ input: Tensor, into output: Tensor) throws {
    let values = input.floats
    try base.gelu(input, into: output)
    guard fault == .approximatesGELU else { return }
    output.write(values.map { x in x / 2 * (1 + tanh(0.797_884_6 * (x + 0.044_715 * x * x * x))) })
  }

  private func spansOver(_ ranges: [Range<Int>]) throws -> RowSpans {
    let words = RowSpans.words(ranges)
    let view = try context.allocate(byteCount: 4 * words.count).view
    words.withUnsafeBytes { view.mutableHostBytes?.copyBytes(from: $0) }
    return RowSpans(view)
  }

  func siluMultiply(gate: Tensor, up: Tensor, into output: Tensor) throws {
    try base.siluMultiply(gate: gate, up: up, into: output)
  }

  func add(_ values: Tensor, to target: Tensor) throws {
    try base.add(values, to: target)
    guard fault == .writesBeyond else { return }
    let view = target.view
    let beyond = BufferView(
      device: view.device, owner: view.owner, handle: view.handle,
      offset: view.offset + view.byteCount, byteCount: 1)
    beyond.mutableHostBytes?[0] = 0
  }

  func convolve(
    _ input: Tensor, weight: WeightView, bias: WeightView?, activation: Activation,
    into output: Tensor
  ) throws {
    try base.convolve(
      input, weight: weight, bias: bias,
      activation: fault == .forgetsTheSlope ? .none : activation, into: output)
  }

  func addScaled(
    _ values: Tensor, by scale: Float, to sum: Tensor, into output: Tensor
  ) throws {
    try base.addScaled(values, by: scale, to: sum, into: output)
  }

  func shufflePixels(_ input: Tensor, adding smaller: Tensor?, into output: Tensor) throws {
    try base.shufflePixels(
      input, adding: fault == .forgetsTheBase ? nil : smaller, into: output)
  }

  func repeatPixels(_ input: Tensor, into output: Tensor) throws {
    try base.repeatPixels(input, into: output)
  }

  func dequantize(_ weight: WeightView, into output: Tensor) throws {
    try base.dequantize(weight, into: output)
  }

  func quantize(_ values: Tensor, into weight: WeightView) throws -> Float {
    if fault == .acceptsNaN { return 0 }
    let offset = try base.quantize(values, into: weight)
    if fault == .flipsACode { weight.payload.mutableHostBytes?[0] ^= 1 }
    return offset
  }
}
