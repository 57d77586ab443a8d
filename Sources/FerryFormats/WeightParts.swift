/// What one part of a weight's bytes is for.
public enum PartRole: UInt8, Hashable, Sendable, CaseIterable {
  /// The elements: plain numbers, packed nibbles, or 8-bit codes.
  case payload
  /// One statistic a block: f32, or dynamic 8-bit codes (u8) of a nested format.
  case absmax
  /// One f32 for 256 nested absmax codes.
  case nestedAbsmax
  /// The 256-entry f32 table that nested absmax codes index.
  case nestedTable
  /// One f32 a row of an int8 weight: the row's absolute maximum (SCB).
  case rowAbsmax
  /// The 256-entry f32 table that a dynamic 8-bit payload indexes.
  case table
}

/// One part of a weight: a run of elements of one type. Sizes follow from format and shape alone.
public struct PartSpecification: Hashable, Sendable {
  /// What the part is for.
  public let role: PartRole
  /// The type of its elements.
  public let elementType: ElementType
  /// How many elements it has.
  public let count: Int

  /// A part.
  public init(_ role: PartRole, _ elementType: ElementType, count: Int) {
    self.role = role
    self.elementType = elementType
    self.count = count
  }

  /// The size of the part in bytes.
  public var byteCount: Int { count * elementType.byteCount }
}

extension WeightFormat {
  /// The parts of a weight of `shape` in this format, in canonical order: payload first.
  ///
  /// `shape` has been checked: its product fits an `Int` and is not negative.
  public func parts(shape: [Int]) -> [PartSpecification] {
    coder.parts(shape: shape)
  }
}

extension Int {
  /// How many blocks of `size` hold `self` elements; the last one may be short.
  public func blocks(of size: Int) -> Int { (self + size - 1) / size }
}
