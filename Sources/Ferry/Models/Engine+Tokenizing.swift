import FerryCheckpoints
import FerryModels

extension Engine {
  /// The tokens of a text, as it is: special tokens in it are recognised, none is added.
  ///
  /// `path` names a folder with a `tokenizer.json` or `vocab.txt`, such a file itself, or a GGUF file; there
  /// need be no weights.
  public func tokenize(_ text: String, with path: String) throws -> [TextToken] {
    let tokenizer = try ModelText.tokenizer(at: path)
    return tokenizer.encode(text, addingSpecialTokens: false).map {
      TextToken(id: $0, piece: tokenizer.piece($0) ?? "")
    }
  }
}
