public import FerryDevices
public import FerryFormats

/// A weight whose bytes are at hand on one device: what operations take.
public struct WeightView: Sendable {
  /// What the weight is.
  public let entry: WeightEntry
  /// Its parts, in the order of ``WeightFormat/parts(shape:)``, all on the same device.
  public let parts: [BufferView]

  /// A weight with its parts.
  public init(_ entry: WeightEntry, parts: [BufferView]) {
    self.entry = entry
    self.parts = parts
  }

  /// The part with this role.
  public func part(_ role: PartRole) -> BufferView? {
    entry.parts.firstIndex { $0.role == role }.map { parts[$0] }
  }

  /// The elements.
  public var payload: BufferView { parts[0] }

  /// The number of rows of a matrix: the first extent.
  public var rowCount: Int { entry.shape.first ?? 1 }

  /// The number of columns of a matrix: the product of all extents but the first.
  public var columnCount: Int { entry.shape.dropFirst().reduce(1, *) }
}
