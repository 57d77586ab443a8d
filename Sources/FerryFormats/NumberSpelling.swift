extension Int {
  /// Returns the number with a noun, for messages: "1 weight", "2 weights".
  package func counted(_ singular: String) -> String {
    "\(self) \(singular)\(self == 1 ? "" : "s")"
  }
}

extension BinaryFloatingPoint where Self: CustomStringConvertible {
  /// The number formatted for messages; every NaN is "nan", whatever its sign and payload.
  package var spelledForMessages: String { isNaN ? "nan" : description }
}
