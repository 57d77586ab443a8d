/// The small files of a folder that Hugging Face tools write: tokenizer, chat template, settings. The folder need not
/// contain weights.
package struct FolderDocuments: Sendable {
  /// The path of the folder.
  package let path: String

  package init(path: String) { self.path = path }

  /// Returns a JSON document; nil if there is no such file.
  package func document(_ name: String) throws(CheckpointError) -> JSONValue? {
    try CheckpointFolder(path: path).document(name)
  }

  /// Returns the contents of a text file, which must be UTF-8; nil if there is no such file.
  package func text(_ name: String) throws(CheckpointError) -> String? {
    guard try CheckpointFolder(path: path).has(name) else { return nil }
    let file = path + "/" + name
    let bytes = try FileReader.contents(path: file)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CheckpointError(.malformed, file: file, "is not UTF-8; get the file again")
    }
    return text
  }
}

extension Checkpoint {
  /// The small files beside the weights; nil if the checkpoint is not a folder.
  package var documents: FolderDocuments? {
    container == .folder ? FolderDocuments(path: path) : nil
  }
}
