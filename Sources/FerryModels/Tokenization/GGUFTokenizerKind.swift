/// What `tokenizer.ggml.model` and `tokenizer.ggml.pre` stand for.
struct GGUFTokenizerKind {
  var isByteLevel = true
  var normalizers: [Normalizer] = []
  var preTokenizers: [PreTokenizer] = []
  var decoding = TokenDecoding.byteLevel
  /// Whether a word that is a token is that token.
  var prefersWholeWords = false
  /// Whether texts begin with BOS where the file does not say.
  var addsBOS = false

  /// SentencePiece: a space in front of the text and after every special token.
  static func sentencePiece(addsSpacePrefix: Bool) -> GGUFTokenizerKind {
    let mark = Array("\u{2581}".utf8)
    return GGUFTokenizerKind(
      isByteLevel: false,
      normalizers: (addsSpacePrefix ? [.prepend(mark)] : []) + [.replace([0x20], with: mark)],
      decoding: .spaceMarks(
        replacement: mark, spellsBytes: true, strippedSpaces: addsSpacePrefix ? 1 : 0),
      addsBOS: true)
  }

  /// A byte-level kind by its name; nil if Ferry does not know it.
  static func byteLevel(_ pre: String) -> GGUFTokenizerKind? {
    switch pre {
    case "gpt-2", "gpt2": GGUFTokenizerKind(preTokenizers: [.split(.gpt2)])
    case "smollm", "starcoder", "refact", "command-r", "codeshell":
      GGUFTokenizerKind(preTokenizers: [.digits(individually: true), .split(.gpt2)])
    case "llama-bpe", "llama3", "llama-v3":
      GGUFTokenizerKind(preTokenizers: [.split(.llama3)], prefersWholeWords: true, addsBOS: true)
    case "qwen2", "deepseek-r1-qwen":
      GGUFTokenizerKind(normalizers: [.nfc], preTokenizers: [.split(.qwen2)])
    case "tekken":
      GGUFTokenizerKind(preTokenizers: [.split(.tekken)], prefersWholeWords: true, addsBOS: true)
    default: nil
    }
  }
}
