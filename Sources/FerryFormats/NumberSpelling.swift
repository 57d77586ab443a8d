extension BinaryFloatingPoint where Self: CustomStringConvertible {
  /// The number for messages: every NaN is "nan", whatever its sign and payload.
  package var spelledForMessages: String { isNaN ? "nan" : description }
}
