/// The small files beside the weights of a folder: tokenizer, chat template, generation settings.
extension Checkpoint {
  /// A JSON document of the folder; nil if there is no such file, or the checkpoint is no folder.
  package func document(_ name: String) throws(CheckpointError) -> JSONValue? {
    guard container == .folder else { return nil }
    return try CheckpointFolder(path: path).document(name)
  }

  /// A text file of the folder, which must be UTF-8; nil if there is no such file, or the checkpoint
  /// is no folder.
  package func text(_ name: String) throws(CheckpointError) -> String? {
    guard container == .folder, CheckpointFolder(path: path).has(name) else { return nil }
    let file = path + "/" + name
    let bytes = try FileReader.contents(path: file)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CheckpointError(.malformed, file: file, "is not UTF-8; get the file again")
    }
    return text
  }
}
