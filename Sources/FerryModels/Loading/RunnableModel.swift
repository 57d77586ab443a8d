/// A model over weights laid out by ``ModelLoader``: what it does with texts.
package enum RunnableModel: Sendable {
  /// It continues texts.
  case language(any LanguageModel)
  /// It turns texts into vectors.
  case embedder(any EmbeddingModel)

  /// How many tokens it knows.
  package var vocabularySize: Int {
    switch self {
    case .language(let model): model.vocabularySize
    case .embedder(let model): model.vocabularySize
    }
  }

  /// The model that continues texts; an error for one that does not.
  package func language() throws(ModelError) -> any LanguageModel {
    guard case .language(let model) = self else {
      throw ModelError(
        .unsupported,
        "the model is an encoder, which turns texts into vectors and does not continue them; use "
          + "'ferry embed'")
    }
    return model
  }

  /// The model that turns texts into vectors; an error for one that does not.
  package func embedder() throws(ModelError) -> any EmbeddingModel {
    guard case .embedder(let model) = self else {
      throw ModelError(
        .unsupported,
        "the model is a language model, which continues texts and does not embed them; use "
          + "'ferry generate', or take an encoder such as all-MiniLM-L6-v2")
    }
    return model
  }
}
