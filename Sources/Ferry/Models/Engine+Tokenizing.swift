import FerryCheckpoints
import FerryModels

extension Engine {
  /// The tokens of a text, as it is: special tokens in it are recognised, none is added.
  public func tokenize(_ text: String, with path: String) throws -> [TextToken] {
    let tokenizer = try ModelText(Checkpoint(path: path)).tokenizer
    return tokenizer.encode(text, addingSpecialTokens: false).map {
      TextToken(id: $0, piece: tokenizer.piece($0) ?? "")
    }
  }
}
