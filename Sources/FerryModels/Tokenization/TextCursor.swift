/// A position in valid UTF-8 that moves by Unicode scalars and tells their classes.
struct TextCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Where the text ends: scanners see nothing beyond, as the reference's sees only its piece.
  let end: Int
  var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position >= end }

  /// The byte here; nil at the end.
  var byte: UInt8? { position < end ? bytes[position] : nil }

  /// The scalar at the cursor; nil at the end.
  var scalar: Unicode.Scalar? { position < end ? Self.scalar(bytes, at: position) : nil }

  /// The class of the scalar here; nil at the end.
  var scalarClass: ScalarClass? {
    position < end ? ScalarClass(of: Self.scalar(bytes, at: position)) : nil
  }

  /// The bytes of the scalar here.
  var width: Int { Self.width(bytes[position]) }

  mutating func advance() { position += width }

  /// Moves back by one scalar; there must be one.
  mutating func retreat() {
    repeat { position -= 1 } while bytes[position] & 0xc0 == 0x80
  }

  /// Moves over every scalar that has one of these classes; returns how many.
  @discardableResult
  mutating func skip(_ classes: ScalarClass, limit: Int = .max) -> Int {
    skip(limit: limit) { $0.isAny(of: classes) }
  }

  /// Moves over every scalar that has none of these classes; returns how many.
  @discardableResult
  mutating func skip(without classes: ScalarClass, limit: Int = .max) -> Int {
    skip(limit: limit) { !$0.isAny(of: classes) }
  }

  @inline(__always)
  private mutating func skip(limit: Int, while condition: (ScalarClass) -> Bool) -> Int {
    var count = 0
    while count < limit, let scalarClass, condition(scalarClass) {
      advance()
      count += 1
    }
    return count
  }

  /// The number of bytes that a lead byte announces.
  static func width(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  }

  /// Decodes the scalar at an offset of valid UTF-8.
  static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Unicode.Scalar {
    let lead = UInt32(bytes[offset])
    guard lead >= 0x80 else { return Unicode.Scalar(UInt8(lead)) }
    let width = Self.width(bytes[offset])
    var value = lead & (0x7f >> UInt32(width))
    for next in 1..<width { value = value << 6 | UInt32(bytes[offset + next]) & 0x3f }
    return Unicode.Scalar(value) ?? "\u{fffd}"
  }
}
