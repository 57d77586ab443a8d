/// The regular expressions by which byte-level tokenizers cut text into words, as scanners.
///
/// A pattern is recognised by its exact text. All of them are alternations of the same few parts, so
/// a pattern is a choice of parts; each part says which alternative of the expressions it is.
struct SplitPattern: Hashable, Sendable {
  /// `'s|'t|'re|…`
  enum Contractions: Hashable, Sendable { case none, lowercase, anyCase }
  /// Words: ` ?\p{L}+`, `[^\r\n\p{L}\p{N}]?\p{L}+`, or that with upper before lower case.
  enum Words: Hashable, Sendable { case afterSpace, afterAnySign, byCase }
  /// Numbers: ` ?\p{N}+`, or `\p{N}{1,n}`.
  enum Numbers: Hashable, Sendable { case afterSpace, upTo(Int) }
  /// What ` ?[^\s\p{L}\p{N}]+` takes along: nothing, `[\r\n]*`, `[\r\n/]*`.
  enum SignTail: Hashable, Sendable { case none, newlines, newlinesAndSlashes }

  var contractions: Contractions
  var words: Words
  var numbers: Numbers
  var signTail: SignTail
  /// Whether `\s*[\r\n]+` comes before `\s+(?!\S)|\s+`.
  var cutsAfterNewlines: Bool

  static let gpt2 = SplitPattern(
    contractions: .lowercase, words: .afterSpace, numbers: .afterSpace, signTail: .none,
    cutsAfterNewlines: false)
  static let llama3 = SplitPattern(
    contractions: .anyCase, words: .afterAnySign, numbers: .upTo(3), signTail: .newlines,
    cutsAfterNewlines: true)
  static let qwen2 = SplitPattern(
    contractions: .anyCase, words: .afterAnySign, numbers: .upTo(1), signTail: .newlines,
    cutsAfterNewlines: true)
  static let tekken = SplitPattern(
    contractions: .none, words: .byCase, numbers: .upTo(1), signTail: .newlinesAndSlashes,
    cutsAfterNewlines: true)

  /// The pattern with exactly this text; nil if it is not a known one.
  init?(recognising expression: String) {
    switch Array(expression.utf8) {
    case Array(Self.gpt2Expression.utf8): self = .gpt2
    case Array(Self.llama3Expression.utf8): self = .llama3
    case Array(Self.qwen2Expression.utf8): self = .qwen2
    case Array(Self.tekkenExpression.utf8): self = .tekken
    default: return nil
    }
  }

  private init(
    contractions: Contractions, words: Words, numbers: Numbers, signTail: SignTail,
    cutsAfterNewlines: Bool
  ) {
    self.contractions = contractions
    self.words = words
    self.numbers = numbers
    self.signTail = signTail
    self.cutsAfterNewlines = cutsAfterNewlines
  }

  static let gpt2Expression =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  static let llama3Expression =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"#
    + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  static let qwen2Expression =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
    + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  static let tekkenExpression =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"#
    + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"#
    + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
}
