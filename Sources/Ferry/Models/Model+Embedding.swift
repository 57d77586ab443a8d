public import FerryFormats
import FerryModels

extension Model {
  /// The vectors of texts, as sentence-transformers makes them: the folder's `modules.json` says what is taken
  /// of the states of a text's tokens, whether vectors have length 1, and where long texts are cut off.
  ///
  ///     let model = try await Engine().load("all-MiniLM-L6-v2")
  ///     let found = try await model.embed(["A ferry crosses the strait.", "A boat goes across."])
  ///     print(found.similarity(0, 1))
  ///
  /// Texts of any lengths go through the model together; a text's vector does not depend on the others.
  ///
  /// - Parameter activations: the type of the activations: f32, f16 or bf16; nil: ``suitableActivations``.
  public func embed(
    _ texts: [String], activations: ElementType? = .f32
  ) async throws -> Embeddings {
    let elementType = try self.activations(activations)
    let model = try embedder()
    let text = try requireText()
    let convention = try text.convention()
    let limit = min(convention.maximumTokens ?? .max, model.maximumPositions)
    let tokens = texts.map {
      text.tokenizer.encode(convention.lowercases ? $0.lowercased() : $0, limit: limit)
    }
    let engine = weights.engine
    let embedder = Embedder(
      model, weights: weights.access, convention: convention, elementType: elementType
    ) { try engine.operations(for: $0) }
    let vectors = try await embedder.embed(tokens)
    if let bad = vectors.firstIndex(where: { !$0.allSatisfy(\.isFinite) }) {
      throw FerryError(
        .notFinite,
        "the vector of text \(bad) is not finite: the weights are damaged, or the computation "
          + "overflowed; try f32 activations, or get the model again")
    }
    return Embeddings(
      vectors: vectors, dimensions: model.dimensions, tokenCounts: tokens.map(\.count))
  }
}

/// The vectors of some texts.
public struct Embeddings: Sendable {
  /// One vector a text, in the order of the texts.
  public let vectors: [[Float]]
  /// Elements of a vector.
  public let dimensions: Int
  /// How many tokens of each text entered, with those that the model wants around it.
  public let tokenCounts: [Int]

  /// The cosine of the angle between two texts' vectors; 0 where one has no direction.
  public func similarity(_ one: Int, _ other: Int) -> Double {
    let scale = norm(one) * norm(other)
    guard scale > 0 else { return 0 }
    return zip(vectors[one], vectors[other]).reduce(0) { $0 + Double($1.0) * Double($1.1) } / scale
  }

  /// The length of a text's vector.
  public func norm(_ text: Int) -> Double {
    vectors[text].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
