public import FerryDevices

/// The position of a call's first row: in a text, in a cache, in a table of positions.
///
/// A number is part of the launch. A word lies in device memory and is read when the work runs, so
/// that recorded work does what the word says at each run.
public enum Position: Sendable {
  /// A number, checked against the operands.
  case number(Int)
  /// The first four bytes of the view: a `UInt32` at a multiple of four bytes, which whoever writes
  /// it has checked. On a device, rows at positions that the operands have no room for are undefined,
  /// and nothing outside the operands is touched.
  case word(BufferView)
}

extension Position: ExpressibleByIntegerLiteral {
  /// A number.
  public init(integerLiteral value: Int) { self = .number(value) }
}
