import FerryFormats

/// The element type of a tensor in a safetensors file.
///
/// Source: `Dtype` of safetensors 0.8.
struct SafetensorsType {
  /// The encoding of the bytes.
  let encoding: StoredEncoding
  /// The size of an element in bits; nil for a type that the format does not list.
  let bitCount: Int?

  /// Creates the type with this name in headers. A name that the format does not list gives an opaque type.
  init(named name: String) {
    if let type = ElementType(safetensorsName: name) {
      (encoding, bitCount) = (.elements(type), 8 * type.byteCount)
    } else {
      bitCount = Self.opaqueBitCounts[name]
      encoding = .opaque(OpaqueType(name, isListed: bitCount != nil))
    }
  }

  /// The listed types that Ferry does not compute with, with the number of bits per element.
  private static let opaqueBitCounts = [
    "C64": 64, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F6_E2M3": 6, "F6_E3M2": 6,
    "F4": 4,
  ]

  /// Returns the size of a tensor of this type in bytes; nil if `shape` and type do not determine it. Throws the error
  /// that `fault` returns if the shape is too large or the elements do not fill whole bytes.
  func byteCount(
    shape: [Int], _ fault: (String) -> CheckpointError
  ) throws(CheckpointError) -> Int? {
    guard let count = shape.checkedProduct(),
      let bits = shape.checkedProduct(by: bitCount ?? 1)
    else { throw fault("the shape \(shape) is too large") }
    guard bitCount != nil else { return nil }
    guard bits.isMultiple(of: 8) else {
      throw fault("\(count) elements of \(bitCount ?? 0) bits do not fill whole bytes")
    }
    return bits / 8
  }
}
