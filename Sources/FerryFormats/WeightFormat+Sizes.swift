extension WeightFormat {
  /// Checks that a buffer of elements has the size of `count` elements.
  func check(_ byteCount: Int, _ type: ElementType, count: Int) throws(FormatError) {
    guard byteCount == count * type.byteCount else {
      throw FormatError(
        .wrongSize,
        "\(count) elements of \(type) are \(count * type.byteCount) bytes, but the buffer has "
          + "\(byteCount): pass exactly the elements that the shape says")
    }
  }

  /// Checks that parts have the sizes that format and shape ask for.
  func check(_ byteCounts: [Int], shape: [Int]) throws(FormatError) {
    let expected = parts(shape: shape).map(\.byteCount)
    guard byteCounts == expected else {
      throw FormatError(
        .wrongSize,
        "\(self) of shape \(shape) has parts of \(expected) bytes, but the buffers have "
          + "\(byteCounts): size them as parts(shape:) says")
    }
  }
}

extension FormatError {
  package static func notFinite(_ value: Float, at index: Int) -> FormatError {
    FormatError(
      .notFinite,
      "element \(index) is \(value.spelledForMessages), and NaN and infinity cannot be encoded: repair the weight, or "
        + "keep it in its own type",
      index: index)
  }

  package static func exceedsHalf(_ value: Float, at index: Int) -> FormatError {
    FormatError(
      .exceedsHalf,
      "element \(index) is \(value), beyond the ±65504 of the f16 that 8-bit rows start from: use a "
        + "4-bit format, or keep the weight in its own type",
      index: index)
  }

  package static func overflow(_ value: Float, of type: ElementType, at index: Int) -> FormatError {
    FormatError(
      type == .f16 ? .exceedsHalf : .notFinite,
      "element \(index) is \(value), beyond the range of \(type): use \(type == .f16 ? "bf16 or f32" : "f32")",
      index: index)
  }

  static func unsupported(_ type: ElementType, as format: WeightFormat) -> FormatError {
    FormatError(
      .unsupported, "\(type) and \(format) do not convert into each other: use f32, f16 or bf16")
  }
}
