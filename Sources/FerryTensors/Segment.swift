/// The unit of transfer, readiness, checksum and eviction: some whole weights that are needed together.
public struct Segment: Sendable {
  /// Its number, in the order the forward pass needs segments.
  public let index: Int
  /// A name for people ("layers.3").
  public let name: String
  /// Its weights in ``WeightLayout/entries``.
  public let entries: Range<Int>
  /// Where it lies in an assembled image, in bytes, padding between parts included; the start is a
  /// multiple of ``WeightLayout/segmentAlignment``.
  public let imageRange: Range<Int>
  /// The distinct parts, in image order: what a checksum covers. A table that several weights of the
  /// segment share is here once.
  public let parts: [WeightPart]

  /// The bytes of its parts, without padding.
  public var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
}
