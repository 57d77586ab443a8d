package import FerryFormats
package import FerryOperations
package import FerryTensors

/// A model that turns texts into vectors: what an ``Embedder`` runs.
///
/// A value without weights and without state, as a ``LanguageModel`` is.
package protocol EmbeddingModel: Sendable {
  /// How many tokens there are; every token is below.
  var vocabularySize: Int { get }
  /// How many tokens a text may have.
  var maximumPositions: Int { get }
  /// Elements of a state, and of a vector.
  var dimensions: Int { get }
  /// How 8-bit layers multiply according to the checkpoint.
  var arithmetic: LinearArithmetic { get }

  /// The bytes of scratch that a pass over `rows` tokens takes.
  func scratchByteCount(rows: Int, elementType: ElementType) -> Int

  /// Queues the forward pass over texts that lie one after the other and returns the states of all their
  /// tokens after the last layer: [rows, dimensions].
  func encode(in pass: EncodingPass) throws -> Tensor
}

/// What one pass over some texts works with.
package struct EncodingPass {
  /// The way to the weights.
  package let step: any WeightStep
  /// The operations of the device that the step runs on.
  package let operations: any Operations
  /// Memory for activations.
  package let scratch: ScratchArena
  /// The type of activations.
  package let elementType: ElementType
  /// How 8-bit layers multiply.
  package let arithmetic: LinearArithmetic
  /// The texts.
  package let inputs: EncodingInputs

  /// Room for activations: [rows, width].
  package func rows(_ width: Int) -> Tensor {
    scratch.take(elementType, shape: [inputs.tokens.count, width])
  }
}
