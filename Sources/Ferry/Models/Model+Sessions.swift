import FerryModels

extension Model {
  /// Opens a conversation whose cache stays between its turns, on the device while the model is there.
  ///
  /// Nothing is allocated before the first turn.
  ///
  /// - Parameters:
  ///   - system: What the model is told before the first turn; needs the chat template.
  ///   - options: How answers are chosen, where a turn does not say otherwise; with the chat template or without, and
  ///     the type of activations and cache, for all turns.
  public func openSession(
    system: String? = nil, options: GenerationOptions = GenerationOptions()
  ) throws -> ModelSession {
    _ = try language()
    let text = try requireText()
    guard system == nil || options.usesChatTemplate else {
      throw FerryError(.badArgument, "what the model is told by the system needs its chat template")
    }
    if options.usesChatTemplate { _ = try text.template() }
    let session = try makeSession(SessionOptions(elementType: activations(options.activations)))
    return ModelSession(self, text, session, options, system: system)
  }
}
