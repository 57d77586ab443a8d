public import FerryTensors

/// What the projections of a layer give for some rows of a text.
public struct ProjectedRows: Sendable {
  /// [rows, heads · headSize]
  public var queries: Tensor
  /// [rows, keyValueHeads · headSize]
  public var keys: Tensor
  /// [rows, keyValueHeads · headSize]
  public var values: Tensor
  /// How queries divide into heads.
  public var queryHeads: HeadShape
  /// How keys and values divide into heads, of the queries' size and rotation.
  public var keyHeads: HeadShape

  /// Rows whose heads are rotated in their first `rotarySize` elements.
  public init(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape, rotarySize: Int
  ) {
    self.queries = queries
    self.keys = keys
    self.values = values
    queryHeads = HeadShape(count: shape.heads, size: shape.headSize, rotarySize: rotarySize)
    keyHeads = HeadShape(
      count: shape.keyValueHeads, size: shape.headSize, rotarySize: rotarySize)
  }
}

/// Keys and values of one layer, by position.
public struct CachedRows: Sendable {
  /// [capacity, keyValueHeads · headSize]
  public var keys: Tensor
  /// [capacity, keyValueHeads · headSize]
  public var values: Tensor

  /// A layer's cache.
  public init(keys: Tensor, values: Tensor) {
    self.keys = keys
    self.values = values
  }
}
