package import FerryCheckpoints

extension Tokenizer {
  /// Reads the tokenizer in the metadata of a GGUF file: byte-level ("gpt2"), whose way of cutting
  /// words is named by `tokenizer.ggml.pre`, or SentencePiece ("llama"), whose merges are by score.
  package init(gguf metadata: GGUFMetadata, file: String) throws(TokenizerError) {
    let reader = GGUFTokenizerReader(metadata: metadata, file: file)
    let parts = try reader.vocabulary()
    let pieces = ByteStrings(parts.texts, count: parts.texts.count)
    let kind = try reader.kind()
    let bos = try reader.token("bos_token_id", in: pieces)
    let eos = try reader.token("eos_token_id", in: pieces)
    let addsBOS = metadata.bool("tokenizer.ggml.add_bos_token") ?? kind.addsBOS
    let addsEOS = metadata.bool("tokenizer.ggml.add_eos_token") ?? false
    if addsBOS, bos == nil { throw parts.malformed("it adds a bos_token_id that it does not name") }
    if addsEOS, eos == nil {
      throw parts.malformed("it adds an eos_token_id that it does not name")
    }
    self.init(
      pieces: pieces, model: .bytePair(try reader.model(parts, pieces, kind)),
      normalizers: kind.normalizers,
      preTokenizers: kind.preTokenizers, decoding: kind.decoding,
      addedTokens: try reader.addedTokens(pieces), prefix: addsBOS ? [bos ?? 0] : [],
      suffix: addsEOS ? [eos ?? 0] : [], bos: bos, eos: eos,
      endOfText: try reader.endOfText(pieces))
  }
}
