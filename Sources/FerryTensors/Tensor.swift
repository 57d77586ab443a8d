public import FerryDevices
public import FerryFormats

/// Activations: numbers of one type in row-major order, on one device.
public struct Tensor: Sendable {
  /// The bytes.
  public let view: BufferView
  /// The type of the elements.
  public let elementType: ElementType
  /// The extents, outermost first.
  public let shape: [Int]

  /// A tensor over the first bytes of `view`.
  public init(_ view: BufferView, _ elementType: ElementType, shape: [Int]) {
    let byteCount = shape.reduce(1, *) * elementType.byteCount
    self.view = view[0, count: byteCount]
    self.elementType = elementType
    self.shape = shape
  }

  /// How many elements it has.
  public var count: Int { shape.reduce(1, *) }

  /// The product of all extents but the last.
  public var rowCount: Int { shape.dropLast().reduce(1, *) }

  /// The last extent.
  public var columnCount: Int { shape.last ?? 1 }

  /// Rows `range` of a tensor seen as [rowCount, columnCount].
  public func rows(_ range: Range<Int>) -> Tensor {
    let rowBytes = columnCount * elementType.byteCount
    let part = view[range.lowerBound * rowBytes, count: range.count * rowBytes]
    return Tensor(part, elementType, shape: [range.count, columnCount])
  }

  /// The same elements under other extents of the same product.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "reshape to another count")
    return Tensor(view, elementType, shape: shape)
  }
}
