public import FerryDevices
public import FerryTensors

/// The list of operations that models are made of.
///
/// Three implementations: ``ReferenceOperations`` (plain Swift: the specification),
/// ``HostOperations`` (SIMD and all cores) and ``KernelOperations`` (any device with kernels). Work is
/// queued on the context's compute stream and results are there once that has been synchronised; on
/// the host they are there at once. Activations are f32, f16 or bf16; sums are in f32 whatever
/// they are, and are rounded once when stored.
public protocol Operations: Sendable {
  /// Where the operations run.
  var context: DeviceContext { get }

  /// Rows of a table: `output[t, :] = table[tokens[t], :]`, decoded from any weight format.
  ///
  /// `output` is [tokens, columns]. A token outside the table is the caller's error.
  func gatherRows(_ tokens: TokenList, of table: WeightView, into output: Tensor) throws

  /// Root-mean-square normalisation of each row: x / sqrt(mean(x²) + ε) · weight.
  ///
  /// Shapes: input and output [rows, columns], weight [columns] plain.
  func rmsNorm(_ input: Tensor, weight: WeightView, epsilon: Float, into output: Tensor) throws

  /// Layer normalisation of each row: (x − mean) / sqrt(variance + ε) · weight + bias, the variance being
  /// the mean of the squared differences from the mean.
  ///
  /// Shapes: input and output [rows, columns] of one type, weight and bias [columns] plain; `output`
  /// may be `input`.
  func layerNorm(
    _ input: Tensor, weight: WeightView, bias: WeightView, epsilon: Float, into output: Tensor
  ) throws

  /// `output = input · weightᵀ + bias`: input [rows, K], weight [N, K] in any format, bias [N] plain,
  /// output [rows, N].
  func linear(
    _ input: Tensor, weight: WeightView, bias: WeightView?, arithmetic: LinearArithmetic,
    into output: Tensor) throws

  /// Several linear layers of the same activations, together: the bits of
  /// ``linear(_:weight:bias:arithmetic:into:)`` for each. Outputs are apart from each other.
  func linear(_ input: Tensor, layers: [LinearLayer], arithmetic: LinearArithmetic) throws

  /// Rotates pairs (i, i + rotary/2) of every head in place, by position.
  ///
  /// `values` is [rows, heads · headSize]; row r has position `firstPosition + r`. `tables` is f32
  /// [positions, 2, rotary/2]: cosines, then sines (scaled already where the model asks for it).
  func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Position) throws

  /// Writes rows into a cache: `cache[firstRow + r, :] = values[r, :]`; types may differ.
  func store(_ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Position) throws

  /// What ``rotate(_:heads:tables:firstPosition:)`` of queries and of keys does, and
  /// ``store(_:intoRowsOf:at:)`` of keys and values after it, in one launch: the same bits, but that
  /// `rows.keys` stay as they were.
  ///
  /// Row r takes row r of `tables` and becomes row `firstRow + r` of the cache.
  func rotateAndStore(
    _ rows: ProjectedRows, tables: Tensor, into cache: CachedRows, at firstRow: Position) throws

  /// Causal attention with grouped queries over a cache.
  ///
  /// queries [rows, heads · size] at positions `firstPosition + r`, keys and values
  /// [capacity, keyValueHeads · size] filled up to position `firstPosition + rows - 1`; each row sees
  /// positions up to its own, and no more than the last `window` where given. Softmax in f32 of
  /// q·k · scale.
  func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    firstPosition: Position, into output: Tensor) throws

  /// Attention in both directions, with grouped queries, over texts that lie one after the other.
  ///
  /// queries [rows, heads · size], keys and values [rows, keyValueHeads · size], all of one type, as
  /// is `output`; `spans` has one span a row: the rows that it sees. Softmax in f32 of q·k · scale;
  /// `shape.window` is not asked.
  func attendWithin(
    _ spans: RowSpans, queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    into output: Tensor) throws

  /// The mean of each span of rows: input [rows, columns], output f32 [spans, columns].
  func meanRows(_ spans: RowSpans, of input: Tensor, into output: Tensor) throws

  /// `output = silu(gate) · up`, element by element; `output` may be `gate`.
  func siluMultiply(gate: Tensor, up: Tensor, into output: Tensor) throws

  /// `output = x / 2 · (1 + erf(x / √2))`, element by element, of one type; `output` may be `input`.
  func gelu(_ input: Tensor, into output: Tensor) throws

  /// `target += values`, element by element.
  func add(_ values: Tensor, to target: Tensor) throws

  /// ``add(_:to:)`` and then ``rmsNorm(_:weight:epsilon:into:)`` of the target, in one launch: the same
  /// bits. `values`, `target` and `output` are [rows, columns] and apart from each other.
  func addAndNormalize(
    _ values: Tensor, to target: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws

  /// Convolution of a map with the zeros around it that keep its extents, and what follows it:
  /// `output[o, y, x] = f(Σ weight[o, c, i, j] · input[c, y + i − k/2, x + j − k/2] + bias[o])`.
  ///
  /// Shapes: input [C, H, W], weight [O, C, k, k] plain with k 1 or 3, bias [O] plain, output [O, H, W],
  /// apart from the input.
  func convolve(
    _ input: Tensor, weight: WeightView, bias: WeightView?, activation: Activation,
    into output: Tensor) throws

  /// `output = base + scale · values`, element by element, two roundings in f32; `output` may be either.
  func addScaled(
    _ values: Tensor, by scale: Float, to base: Tensor, into output: Tensor) throws

  /// Spreads groups of f² channels over squares of f × f pixels, and adds a smaller map to all pixels of a
  /// square: `output[c, f·y + i, f·x + j] = input[f²·c + f·i + j, y, x] + base[c, y, x]`.
  ///
  /// Shapes: input [f²·C, H, W], base [C, H, W], output [C, f·H, f·W].
  func shufflePixels(_ input: Tensor, adding base: Tensor?, into output: Tensor) throws

  /// Every pixel as a square of f × f: `output[c, y, x] = input[c, y / f, x / f]`.
  ///
  /// Shapes: input [C, H, W], output [C, f·H, f·W].
  func repeatPixels(_ input: Tensor, into output: Tensor) throws

  /// Decodes a whole weight into `output` (f32, f16 or bf16; same count), one rounding an element.
  func dequantize(_ weight: WeightView, into output: Tensor) throws

  /// Encodes `values` (f32, f16 or bf16; shape of the weight) into the parts of `weight`, by the one
  /// exact rule of the formats: the same bytes on every device. Returns the nested offset (0 where
  /// there is none). NaN and infinity are a ``FormatError`` with the flat index. Waits for the device.
  func quantize(_ values: Tensor, into weight: WeightView) throws -> Float

  /// The memory that queued work uses beside its operands. It grows with what is asked for: work recorded
  /// when it was another is not to be run any more.
  var scratchMemory: [BufferView] { get }

  /// Gives that memory back; the next work that needs it takes it again, at the same addresses where
  /// the device has addresses that stay.
  func releaseScratch()
}

extension Operations {
  /// One after the other.
  public func linear(
    _ input: Tensor, layers: [LinearLayer], arithmetic: LinearArithmetic
  ) throws {
    for layer in layers {
      try linear(
        input, weight: layer.weight, bias: layer.bias, arithmetic: arithmetic, into: layer.output)
    }
  }

  /// None.
  public var scratchMemory: [BufferView] { [] }
  /// Nothing to give.
  public func releaseScratch() {}
}

/// How the multiplications of an 8-bit linear layer are done; other formats ignore it.
public enum LinearArithmetic: Hashable, Sendable {
  /// Weights are decoded, activations stay as they are.
  case weightOnly
  /// LLM.int8(): activations are quantized row by row, columns with an element of magnitude ≥
  /// `threshold` are multiplied in full precision (0: none are). Sums and scales in f32.
  case llmInt8(threshold: Float)
}

/// The heads of a projected row.
public struct HeadShape: Hashable, Sendable {
  /// How many heads a row has.
  public var count: Int
  /// Elements of one head.
  public var size: Int
  /// How many of them, from the first on, are rotated: an even number, usually all.
  public var rotarySize: Int

  /// A shape.
  public init(count: Int, size: Int, rotarySize: Int) {
    self.count = count
    self.size = size
    self.rotarySize = rotarySize
  }
}

/// The heads of an attention.
public struct AttentionShape: Hashable, Sendable {
  /// Query heads.
  public var heads: Int
  /// Key and value heads; divides `heads`.
  public var keyValueHeads: Int
  /// Elements of one head.
  public var headSize: Int
  /// What q·k is multiplied by.
  public var scale: Float
  /// How many positions, its own included, a row sees at most; nil: all.
  public var window: Int?

  /// A shape.
  public init(heads: Int, keyValueHeads: Int, headSize: Int, scale: Float, window: Int? = nil) {
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    self.scale = scale
    self.window = window
  }
}
