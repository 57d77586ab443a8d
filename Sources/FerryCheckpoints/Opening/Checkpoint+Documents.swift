/// The small files beside the weights of a folder: tokenizer, chat template, generation settings.
extension Checkpoint {
  /// A JSON document of the folder; nil if there is no such file, or the checkpoint is no folder.
  package func document(_ name: String) throws(CheckpointError) -> JSONValue? {
    try documents?.document(name)
  }

  /// A text file of the folder, which must be UTF-8; nil if there is no such file, or the checkpoint
  /// is no folder.
  package func text(_ name: String) throws(CheckpointError) -> String? {
    try documents?.text(name)
  }
}
