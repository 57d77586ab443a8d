package import FerryFormats
package import FerryOperations
package import FerryTensors

/// A model that continues texts: what a ``Session`` runs.
///
/// A model is a value without weights and without state: it knows the numbers of its weights in a
/// layout and reaches them only through the step it is given, so that any number of sessions share one.
package protocol LanguageModel: Sendable {
  /// How many tokens there are; every token is below.
  var vocabularySize: Int { get }
  /// How many positions a text may have.
  var maximumPositions: Int { get }
  /// Tokens any of which ends a text.
  var endTokens: [Int] { get }
  /// For each layer, how many elements a row of the key cache has, and of the value cache.
  var cacheWidths: [Int] { get }
  /// How 8-bit layers multiply according to the checkpoint.
  var arithmetic: LinearArithmetic { get }

  /// How many numbers ``positionTable(_:length:)`` has for a position.
  var positionTableWidth: Int { get }

  /// What the model computes of positions alone, row by row; `length` is the number of positions once
  /// the step, of which the pass may be a part, is done.
  func positionTable(_ positions: Range<Int>, length: Int) -> [Float]

  /// The bytes of scratch that a pass over `rows` tokens takes.
  func scratchByteCount(rows: Int, elementType: ElementType) -> Int

  /// Queues the forward pass over the inputs' tokens and returns the logits of the last of them, f32
  /// [1, vocabularySize], where the pass wants them.
  ///
  /// Rows for the tokens are there in the cache, and rows before them are filled. What is queued
  /// depends on the number of the tokens and on nothing else of them: it may be recorded and run for
  /// other inputs.
  func forward(in pass: ForwardPass) throws -> Tensor?
}

/// What one pass over some tokens works with.
package struct ForwardPass {
  /// The way to the weights.
  package internal(set) var step: any WeightStep
  /// The operations of the device that the step runs on.
  package let operations: any Operations
  /// Keys and values of the text so far.
  package let cache: KeyValueCache
  /// Memory for activations.
  package let scratch: ScratchArena
  /// The type of activations.
  package let elementType: ElementType
  /// How 8-bit layers multiply.
  package let arithmetic: LinearArithmetic
  /// The tokens, and where they are in the text.
  package let inputs: PassInputs
  /// Whether the last token's logits are asked for.
  package let wantsLogits: Bool

  /// How many tokens there are.
  package var rowCount: Int { inputs.tokens.count }

  /// Room for activations: [rows, width].
  package func rows(_ count: Int, _ width: Int) -> Tensor {
    scratch.take(elementType, shape: [count, width])
  }
}
