public import FerryDevices

/// Spans of rows, each of one row at least: in memory of the device, a first row and the row behind the last,
/// two `UInt32`s at a multiple of four bytes, read when the work runs.
///
/// Whoever writes them has checked them. On a device what a span outside the rows gives is undefined, and
/// nothing outside the operands is touched.
public struct RowSpans: Sendable {
  /// Their bytes.
  public let view: BufferView

  /// The spans in these bytes.
  public init(_ view: BufferView) { self.view = view }

  /// How many there are.
  public var count: Int { view.byteCount / Self.stride }

  /// The bytes of one.
  static let stride = 2 * MemoryLayout<UInt32>.stride

  /// The words of spans, as they lie in memory.
  public static func words(_ spans: [Range<Int>]) -> [UInt32] {
    spans.flatMap { [UInt32($0.lowerBound), UInt32($0.upperBound)] }
  }
}
