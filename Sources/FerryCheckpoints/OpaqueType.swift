package import FerryFormats

/// A type of stored elements that Ferry keeps, moves and writes byte for byte without computing with it.
package struct OpaqueType: Hashable, Sendable {
  /// The name in the file's own spelling ("F8_E8M0", "Q4_K").
  package let name: String
  /// How many elements share a block; nil where there are no blocks, or none that are known.
  package let blockSize: Int?
  /// Whether the container's specification lists the type, so that its size follows from the shape. Of other types
  /// the file alone says where the bytes begin and end.
  package let isListed: Bool

  init(_ name: String, blockSize: Int? = nil, isListed: Bool = true) {
    self.name = name
    self.blockSize = blockSize
    self.isListed = isListed
  }
}

extension StoredEncoding {
  /// The type of the elements as they are in memory once read: u8 for opaque bytes.
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
