package import FerryFormats

/// An element type that Ferry stores, moves and writes byte for byte without computing with it.
package struct OpaqueType: Hashable, Sendable {
  /// The name as spelled in the file ("F8_E8M0", "Q4_K").
  package let name: String
  /// The number of elements in a block; nil if the type has no blocks or their size is unknown.
  package let blockSize: Int?
  /// A Boolean value that indicates whether the container's specification lists the type, so that a tensor's size
  /// follows from its shape. For other types, only the file's offsets tell where the bytes begin and end.
  package let isListed: Bool

  init(_ name: String, blockSize: Int? = nil, isListed: Bool = true) {
    self.name = name
    self.blockSize = blockSize
    self.isListed = isListed
  }
}

extension StoredEncoding {
  /// The type of the elements in memory; u8 for opaque bytes.
  package var elementType: ElementType {
    switch self {
    case .elements(let type): type
    case .ggufBlocks: .f32
    case .opaque: .u8
    }
  }

  /// The name of the type, in lower case ("bf16", "q4_1", "f8_e8m0").
  package var typeName: String {
    switch self {
    case .elements(let type): type.safetensorsName.lowercased()
    case .ggufBlocks(let type): type.rawValue
    case .opaque(let type): type.name.lowercased()
    }
  }
}
