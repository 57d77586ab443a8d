package import FerryFormats

/// A tensor to be written. Its size follows from its properties, so that a file's header is known before its data.
package struct OutputTensor: Hashable, Sendable {
  package var name: String
  /// The type of the elements; u8 for an opaque type.
  package var elementType: ElementType
  /// Extents, outermost first; none for a scalar.
  package var shape: [Int]
  /// The name of an opaque type in the header and the size of the tensor.
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

  /// Creates the declaration of a stored tensor that is written again. GGUF's block encodings have no names in a
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

  /// The alignment of the tensor's first byte: the size of an element; for an opaque type, the largest power of two, up
  /// to 8, that divides it.
  var alignment: Int {
    guard let opaque else { return elementType.byteCount }
    let count = shape.reduce(1, *)
    guard count > 0, opaque.byteCount % count == 0 else { return 1 }
    return min(8, 1 << min(3, (opaque.byteCount / count).trailingZeroBitCount))
  }
}
