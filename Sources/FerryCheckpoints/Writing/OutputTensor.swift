package import FerryFormats

/// A tensor to be written: sizes follow from it, so that a file's header is known before its bytes.
package struct OutputTensor: Hashable, Sendable {
  package var name: String
  /// The type of the elements; u8 for those of an opaque type.
  package var elementType: ElementType
  /// Extents, outermost first; none for a scalar.
  package var shape: [Int]
  /// The name of an opaque type in the header, and the size of the tensor.
  private var opaque: Opaque?

  private struct Opaque: Hashable {
    let typeName: String
    let byteCount: Int
  }

  package init(_ name: String, _ elementType: ElementType, shape: [Int]) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }

  /// A stored tensor as it is declared when it is written again. Block encodings of GGUF have no words in a
  /// safetensors file.
  package init(_ stored: StoredTensor) {
    self.init(stored.name, stored.encoding.elementType, shape: stored.shape)
    if case .opaque(let type) = stored.encoding {
      opaque = Opaque(typeName: type.name, byteCount: stored.byteCount)
    }
  }

  /// The name of the type in safetensors headers.
  package var typeName: String { opaque?.typeName ?? elementType.safetensorsName }

  /// The size in bytes.
  package var byteCount: Int {
    opaque?.byteCount ?? shape.reduce(elementType.byteCount, *)
  }

  /// What its first byte should be a multiple of: the size of an element, or as much of it as divides the whole.
  var alignment: Int {
    guard let opaque else { return elementType.byteCount }
    let count = shape.reduce(1, *)
    guard count > 0, opaque.byteCount % count == 0 else { return 1 }
    return min(8, 1 << min(3, (opaque.byteCount / count).trailingZeroBitCount))
  }
}
