/// Where decoded elements go: f32, f16 or bf16 at any alignment.
struct ElementSink {
  private let bytes: UnsafeMutableRawBufferPointer
  private let type: ElementType

  /// `bytes` has room for whole elements of `type`, which is a weight float.
  init(_ bytes: UnsafeMutableRawBufferPointer, of type: ElementType) {
    self.bytes = bytes
    self.type = type
  }

  /// Stores `elements` from position `start` on, each rounded once to nearest, ties to even.
  func store(_ elements: UnsafeMutableBufferPointer<Float>, at start: Int) {
    guard let base = bytes.baseAddress, let source = elements.baseAddress else { return }
    let first = base + start * type.byteCount
    switch type {
    case .f32:
      first.copyMemory(from: source, byteCount: elements.count * 4)
    case .f16:
      for i in 0..<elements.count {
        first.storeBytes(of: Float16(source[i]), toByteOffset: 2 * i, as: Float16.self)
      }
    case .bf16:
      for i in 0..<elements.count {
        first.storeBytes(of: BFloat16(source[i]), toByteOffset: 2 * i, as: BFloat16.self)
      }
    default:
      preconditionFailure("\(type) is not a weight float")
    }
  }
}
