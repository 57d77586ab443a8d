import FerryCheckpoints
import FerryModels

extension Engine {
  /// Returns the tokens of a text, as it is: special tokens in it are recognized, none is added.
  ///
  /// `path` is a folder with a `tokenizer.json` or `vocab.txt`, such a file itself, or a GGUF file; no weights are
  /// needed.
  public func tokenize(_ text: String, with path: String) throws -> [TextToken] {
    let tokenizer = try ModelText.tokenizer(at: path)
    return tokenizer.encode(text, addingSpecialTokens: false).map {
      TextToken(id: $0, piece: tokenizer.piece($0) ?? "")
    }
  }
}
