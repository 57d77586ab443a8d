public import FerryDevices

/// The tokens whose rows a call gathers.
public enum TokenList: Sendable {
  /// Numbers, checked against the table.
  case numbers([Int32])
  /// The bytes of the view: `Int32`s at a multiple of four bytes, read when the work runs, which
  /// whoever writes them has checked. On a device, rows for tokens outside the table are undefined,
  /// and nothing outside the operands is touched.
  case words(BufferView)

  /// How many there are.
  public var count: Int {
    switch self {
    case .numbers(let tokens): tokens.count
    case .words(let view): view.byteCount / MemoryLayout<Int32>.stride
    }
  }
}

extension TokenList: ExpressibleByArrayLiteral {
  /// Numbers.
  public init(arrayLiteral tokens: Int32...) { self = .numbers(tokens) }
}
