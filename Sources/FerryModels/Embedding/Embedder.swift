import FerryDevices
package import FerryFormats
import FerryOperations
package import FerryTensors

/// Turns texts into vectors with a model whose weights are wherever they are.
///
/// Nothing is kept between calls, so that nothing has to move with the weights.
package final class Embedder: Sendable {
  /// The model.
  package let model: any EmbeddingModel
  /// How a vector is made of the states of a text.
  package let convention: SentenceConvention
  /// The type of activations: f32, f16 or bf16.
  package let elementType: ElementType
  private let weights: any WeightAccess
  private let makeOperations: Session.OperationsMaker

  /// The most tokens that go through the layers together, which bounds scratch memory; a longer text goes
  /// alone.
  private static let rowLimit = 1024

  package init(
    _ model: any EmbeddingModel, weights: any WeightAccess, convention: SentenceConvention,
    elementType: ElementType = .f32, operations: @escaping Session.OperationsMaker
  ) {
    precondition(elementType.isWeightFloat, "activations are f32, f16 or bf16")
    self.model = model
    self.weights = weights
    self.convention = convention
    self.elementType = elementType
    makeOperations = operations
  }

  /// The vectors of texts, in their order: [texts][dimensions].
  ///
  /// A text has its tokens with those around it that the model expects, one at least. A text's vector does
  /// not depend on the other texts, but for the rounding of sums in f32.
  package func embed(_ texts: [[Int]]) async throws -> [[Float]] {
    let numbers = try texts.map(checked)
    var vectors: [[Float]] = []
    for batch in batches(of: numbers) {
      try Task.checkCancellation()
      vectors += try await weights.withStep { [self] step in try run(batch, in: step) }
    }
    return convention.normalizes ? vectors.map(Self.normalized) : vectors
  }

  /// Texts that go through the layers together. LLM.int8() lets the tokens of a pass share their outlier
  /// columns, so with it every text goes alone.
  private func batches(of texts: [[Int32]]) -> [[[Int32]]] {
    let goAlone = weights.layout.entries.contains { $0.format == .int8Rows }
    var batches: [[[Int32]]] = []
    var rows = 0
    for text in texts {
      rows += text.count
      if goAlone || batches.isEmpty || rows > Self.rowLimit {
        batches.append([])
        rows = text.count
      }
      batches[batches.count - 1].append(text)
    }
    return batches
  }

  private func checked(_ text: [Int]) throws(ModelError) -> [Int32] {
    guard !text.isEmpty else {
      throw ModelError(.badToken, "a text without tokens has no vector; give at least one token")
    }
    guard text.count <= model.maximumPositions else {
      throw ModelError(
        .tooLong, "a text has \(text.count) tokens; the model takes \(model.maximumPositions)")
    }
    if let bad = text.first(where: { $0 < 0 || $0 >= model.vocabularySize }) {
      throw ModelError(
        .badToken,
        "token \(bad) is outside the vocabulary; its ids go from 0 to \(model.vocabularySize - 1)")
    }
    return text.map { Int32($0) }
  }

  /// x / max(‖x‖, 1e-12), as torch.nn.functional.normalize has it.
  private static func normalized(_ vector: [Float]) -> [Float] {
    let norm = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return vector.map { Float(Double($0) / max(norm, 1e-12)) }
  }
}

// MARK: - A pass

extension Embedder {
  /// On the worker: one pass, whose vectors are there on return.
  private func run(_ texts: [[Int32]], in step: any WeightStep) throws -> [[Float]] {
    let rows = texts.reduce(0) { $0 + $1.count }
    let inputs = EncodingInputs.byteCount(rows: rows, texts: texts.count)
    let byteCount =
      ScratchArena.byteCount([inputs, 4 * texts.count * model.dimensions])
      + model.scratchByteCount(rows: rows, elementType: elementType)
    let scratch = ScratchArena(try step.context.allocate(byteCount: byteCount))
    do {
      let means = try queue(texts, step, scratch)
      return try download(means, on: step.context)
    } catch {
      // Queued work may still use the scratch and what was staged for it.
      try? step.context.compute.synchronize()
      throw error
    }
  }

  private func queue(
    _ texts: [[Int32]], _ step: any WeightStep, _ scratch: ScratchArena
  ) throws -> Tensor {
    let inputs = try EncodingInputs(texts, pooling: convention.pooling, in: scratch)
    let pass = EncodingPass(
      step: step, operations: try makeOperations(step.context), scratch: scratch,
      elementType: elementType, arithmetic: model.arithmetic, inputs: inputs)
    let states = try model.encode(in: pass)
    let means = scratch.take(.f32, shape: [texts.count, model.dimensions])
    try pass.operations.meanRows(inputs.pooledSpans, of: states, into: means)
    return means
  }

  private func download(_ means: Tensor, on context: DeviceContext) throws -> [[Float]] {
    var values = [Float](repeating: 0, count: means.count)
    try values.withUnsafeMutableBytes { bytes in
      try context.compute.download(means.view, to: bytes)
      try context.compute.synchronize()
    }
    return (0..<means.rowCount).map { row in
      Array(values[row * means.columnCount..<(row + 1) * means.columnCount])
    }
  }
}
