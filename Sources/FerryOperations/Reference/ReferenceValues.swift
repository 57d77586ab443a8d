import FerryDevices
import FerryFormats
import FerryTensors

extension Tensor {
  /// All elements, exactly.
  func values() -> [Float] {
    let bytes = view.bytesOnHost
    return (0..<count).map { elementType.loadFloat(from: bytes, at: $0) }
  }

  /// Replaces all elements, each rounded once to nearest, ties to even.
  func write(_ values: [Float]) {
    precondition(values.count == count, "as many values as elements")
    let bytes = UnsafeMutableRawBufferPointer(mutating: view.bytesOnHost)
    for (index, value) in values.enumerated() {
      elementType.storeFloat(value, to: bytes, at: index)
    }
  }
}

extension WeightView {
  /// All elements decoded to f32, by the format's own rule.
  func values() throws(FormatError) -> [Float] {
    var values = [Float](repeating: 0, count: entry.count)
    let parts = parts.map(\.bytesOnHost)
    let result = values.withUnsafeMutableBytes { bytes in
      Result { () throws(FormatError) in
        try entry.format.decode(
          parts: parts, nestedOffset: entry.nestedOffset, shape: entry.shape, into: bytes,
          as: .f32)
      }
    }
    try result.get()
    return values
  }
}

extension BufferView {
  /// The bytes of a view that has been checked to be on the host.
  var bytesOnHost: UnsafeRawBufferPointer {
    guard let bytes = hostBytes else { preconditionFailure("bytes on \(device), not on the host") }
    return bytes
  }
}

extension ElementType {
  /// The value of the element at `index`, whatever its alignment; f32, f16 and bf16 only.
  func loadFloat(from bytes: UnsafeRawBufferPointer, at index: Int) -> Float {
    let offset = index * byteCount
    switch self {
    case .f32: return bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
    case .f16: return Float(bytes.loadUnaligned(fromByteOffset: offset, as: Float16.self))
    case .bf16: return Float(bytes.loadUnaligned(fromByteOffset: offset, as: BFloat16.self))
    default: preconditionFailure("\(self) is not a type of activations")
    }
  }

  /// Stores a value as the element at `index`, rounded to nearest, ties to even.
  func storeFloat(_ value: Float, to bytes: UnsafeMutableRawBufferPointer, at index: Int) {
    let offset = index * byteCount
    switch self {
    case .f32: bytes.storeBytes(of: value, toByteOffset: offset, as: Float.self)
    case .f16: bytes.storeBytes(of: Float16(value), toByteOffset: offset, as: Float16.self)
    case .bf16: bytes.storeBytes(of: BFloat16(value), toByteOffset: offset, as: BFloat16.self)
    default: preconditionFailure("\(self) is not a type of activations")
    }
  }
}
