/// Lowercase mappings, scalar by scalar, as defined by the reference (``LowercaseTable``).
enum SmallLetters {
  /// Appends the lowercase form of a scalar.
  static func append(_ scalar: Unicode.Scalar, to scalars: inout [Unicode.Scalar]) {
    guard ScalarClass(of: scalar).contains(.capital), let small = forms[scalar.value] else {
      return scalars.append(scalar)
    }
    scalars.append(contentsOf: small)
  }

  private static let forms: [UInt32: [Unicode.Scalar]] = {
    var forms: [UInt32: [Unicode.Scalar]] = [:]
    TableText.forEachItem(LowercaseTable.distances) { item in
      let range = item.range()
      let step = item.sign() == "/" ? 2 : 1
      let distance = item.decimal()
      for scalar in stride(from: range.lowerBound, through: range.upperBound, by: step) {
        forms[scalar] = [Unicode.Scalar(UInt32(Int(scalar) + distance))].compactMap { $0 }
      }
    }
    TableText.forEachItem(LowercaseTable.sequences) { item in
      let scalar = item.scalar()
      _ = item.sign()
      forms[scalar] = item.scalars().compactMap(Unicode.Scalar.init)
    }
    return forms
  }()
}
