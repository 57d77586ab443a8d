import FerryFormats

/// The element type of a tensor in a safetensors file.
///
/// Source: `Dtype` of safetensors 0.8.
struct SafetensorsType {
  /// How the bytes are to be read.
  let encoding: StoredEncoding
  /// The size of an element in bits; nil for a type that the format does not list.
  let bitCount: Int?

  /// The type that a header names so. A name that the format does not list is one of opaque bytes.
  init(named name: String) {
    if let type = ElementType(safetensorsName: name) {
      (encoding, bitCount) = (.elements(type), 8 * type.byteCount)
    } else {
      bitCount = Self.opaqueBitCounts[name]
      encoding = .opaque(OpaqueType(name, isListed: bitCount != nil))
    }
  }

  /// The listed types that Ferry does not compute with, and the bits of an element.
  private static let opaqueBitCounts = [
    "C64": 64, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F6_E2M3": 6, "F6_E3M2": 6,
    "F4": 4,
  ]

  /// The size of a tensor of this type; nil where `shape` and type leave it open. Throws what `fault` makes of a shape
  /// that is too large, or whose elements do not fill whole bytes.
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
