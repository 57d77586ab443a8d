/// What a container calls a model's weights that has names of its own for them.
protocol StoredNames: Sendable {
  /// The canonical name of a stored tensor; nil for one that keeps its name.
  func huggingFaceName(_ name: String) -> String?

  /// The order of the rows of a stored tensor, where it is not the model's.
  func rowOrder(_ name: String) -> HeadRowOrder?
}
