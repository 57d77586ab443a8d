/// Cuts text into the tokens of a model and puts tokens back together.
///
/// Equal to the reference tokenizer of the model (HF `tokenizers`). What a description asks for and
/// Ferry does not implement is an error when the tokenizer is made, so that encoding cannot fail.
package struct Tokenizer: Sendable {
  /// Texts of tokens by number, added ones included; an unused number has an empty text.
  let pieces: ByteStrings
  let model: TokenizerModel
  let normalizers: [Normalizer]
  let preTokenizers: [PreTokenizer]
  let decoding: TokenDecoding
  /// Added tokens searched in text as it comes, and in normalized text.
  let rawMatcher: AddedTokenMatcher
  let normalizedMatcher: AddedTokenMatcher
  /// What `addingSpecialTokens` puts before and after a text.
  let prefix: [Int]
  let suffix: [Int]

  /// The tokens that decoding may skip.
  package let specialTokens: Set<Int>
  /// The token that texts begin with, where the model has one.
  package let bos: Int?
  /// The token that texts end with, where the model names one; generations end at ``endOfText``.
  package let eos: Int?
  /// The tokens that end a generation.
  package internal(set) var endOfText: Set<Int>

  init(
    pieces: ByteStrings, model: TokenizerModel, normalizers: [Normalizer],
    preTokenizers: [PreTokenizer], decoding: TokenDecoding, addedTokens: [AddedToken],
    prefix: [Int], suffix: [Int], bos: Int?, eos: Int?, endOfText: Set<Int>
  ) {
    self.pieces = pieces
    self.model = model
    self.normalizers = normalizers
    self.preTokenizers = preTokenizers
    self.decoding = decoding
    rawMatcher = AddedTokenMatcher(addedTokens.filter { !$0.isNormalized })
    normalizedMatcher = AddedTokenMatcher(
      addedTokens.filter(\.isNormalized).map { token in
        var token = token
        for normalizer in normalizers { normalizer.apply(&token.content) }
        return token
      })
    self.prefix = prefix
    self.suffix = suffix
    specialTokens = Set(addedTokens.filter(\.isSpecial).map(\.id))
    self.bos = bos
    self.eos = eos
    self.endOfText = endOfText
  }

  /// One more than the largest token.
  package var vocabularySize: Int { pieces.count }

  /// The text of a token as its vocabulary writes it ("Ġthe", "▁the", "<0x0A>"); nil if there is no
  /// such token.
  package func piece(_ id: Int) -> String? {
    guard id >= 0, id < pieces.count, !pieces[id].isEmpty else { return nil }
    return String(decoding: pieces[id], as: UTF8.self)
  }

  /// The token whose text, as the vocabulary writes it, is this one.
  package func token(_ piece: String) -> Int? { pieces.find(piece.utf8) }

  /// The text of tokens. Bytes that are no character are U+FFFD.
  package func decode(_ ids: [Int], skippingSpecialTokens: Bool = false) -> String {
    var decoder = TokenDecoder(self, skippingSpecialTokens: skippingSpecialTokens)
    var text = ""
    for id in ids { text += decoder.append(id) }
    return text + decoder.finish()
  }

  /// The tokens of a text. Added tokens in it are recognised; `addingSpecialTokens` also puts
  /// those around it that the model expects (for Llama: the one that texts begin with).
  package func encode(_ text: String, addingSpecialTokens: Bool = false) -> [Int] {
    var ids = addingSpecialTokens ? prefix : []
    var scratch = MergeScratch()
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      for stretch in rawMatcher.stretches(of: bytes) {
        if let id = stretch.id {
          ids.append(id)
        } else {
          let isFirst = stretch.range.lowerBound == 0
          encodePlain(Array(bytes[stretch.range]), isFirst, &scratch, &ids)
        }
      }
    }
    return addingSpecialTokens ? ids + suffix : ids
  }

  /// The tokens of a text between those that the model expects around it, `limit` at most: what is too
  /// much is cut off at the text's end.
  package func encode(_ text: String, limit: Int) -> [Int] {
    prefix + encode(text).prefix(max(0, limit - prefix.count - suffix.count)) + suffix
  }

  /// Appends the tokens of a stretch that holds no token searched in text as it comes.
  private func encodePlain(
    _ text: [UInt8], _ isFirst: Bool, _ scratch: inout MergeScratch, _ ids: inout [Int]
  ) {
    var text = text
    for normalizer in normalizers { normalizer.apply(&text) }
    text.withUnsafeBufferPointer { bytes in
      for stretch in normalizedMatcher.stretches(of: bytes) {
        if let id = stretch.id {
          ids.append(id)
        } else {
          let isFirst = isFirst && stretch.range.lowerBound == 0
          encodeWords(Array(bytes[stretch.range]), isFirst, &scratch, &ids)
        }
      }
    }
  }

  private func encodeWords(
    _ text: [UInt8], _ isFirst: Bool, _ scratch: inout MergeScratch, _ ids: inout [Int]
  ) {
    var text = PreTokenizedText(text, isFirst: isFirst)
    for preTokenizer in preTokenizers { preTokenizer.apply(&text) }
    text.bytes.withUnsafeBufferPointer { bytes in
      for word in text.words {
        let word = UnsafeBufferPointer(rebasing: bytes[word])
        model.encode(word, scratch: &scratch, into: &ids)
      }
    }
  }
}
