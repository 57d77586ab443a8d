import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// A tensor of the reference, and the same on the device under test.
struct TestTensor {
  let host: Tensor
  let device: Tensor
}

extension OperationFixture {
  /// A tensor with these values, each rounded to the type.
  func tensor(
    _ values: [Float], _ type: ElementType = .f32, shape: [Int]? = nil
  ) throws -> TestTensor {
    try tensor(bytes: type.bytes(of: values), type, shape: shape ?? [values.count])
  }

  /// A tensor with these bytes.
  func tensor(bytes: [UInt8], _ type: ElementType, shape: [Int]) throws -> TestTensor {
    let host = try reference.context.allocate(byteCount: max(bytes.count, 1)).view
    host.mutableHostBytes?.copyBytes(from: bytes)
    let device = try memory(bytes.count, alignment: type.byteCount)
    try upload(bytes, to: device)
    return TestTensor(
      host: Tensor(host, type, shape: shape), device: Tensor(device, type, shape: shape))
  }

  /// A tensor to be written, full of a pattern that is no result.
  func output(_ type: ElementType = .f32, shape: [Int]) throws -> TestTensor {
    let count = shape.reduce(type.byteCount, *)
    return try tensor(bytes: Array(repeating: 0xC3, count: count), type, shape: shape)
  }

  /// Uploads, and waits.
  func upload(_ bytes: [UInt8], to view: BufferView) throws {
    guard !bytes.isEmpty else { return }
    try bytes.withUnsafeBytes {
      try context.compute.upload($0, to: view)
      try context.compute.synchronize()
    }
  }

  /// What a range on the device holds.
  func read(_ view: BufferView) throws -> [UInt8] {
    view.byteCount == 0 ? [] : try TestBytes.read(view, in: context)
  }

  /// Throws unless the device has the very bytes of the reference.
  func requireEqualBytes(_ tensor: TestTensor, _ what: String) throws {
    let expected = Array(tensor.host.view.hostBytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
    let actual = try read(tensor.device.view)
    guard expected != actual else { return }
    let type = tensor.host.elementType
    let (left, right) = (type.floats(in: expected), type.floats(in: actual))
    let place = zip(left, right).enumerated().first { !($1.0 == $1.1) }?.offset ?? 0
    throw ConformanceFailure(
      "\(what): element \(place) is \(right[place]) instead of \(left[place])")
  }

  /// Throws unless two tensors on the device have the same bytes.
  func requireSameBytes(_ one: TestTensor, _ other: TestTensor, _ what: String) throws {
    let (left, right) = (try read(one.device.view), try read(other.device.view))
    let place = zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
    try require(left == right, "\(what): byte \(place) differs between the two ways")
  }

  /// Throws unless max |Δ| ≤ bound · magnitude, plus the rounding of the output's type and of f32 sums.
  func requireClose(
    _ tensor: TestTensor, _ what: String, bound: Float, of magnitude: Float
  ) throws {
    try requireClose(tensor, what) { (4e-6 + $0) * $1 + bound * magnitude }
  }

  /// Throws unless max |Δ| ≤ bound · max |reference|, plus the rounding of the output's type.
  func requireClose(_ tensor: TestTensor, _ what: String, bound: Float = 4e-6) throws {
    try requireClose(tensor, what) { (bound + $0) * $1 }
  }

  /// What is allowed depends on the spacing of the type and the largest magnitude of the reference.
  private func requireClose(
    _ tensor: TestTensor, _ what: String, allowing allowance: (Float, Float) -> Float
  ) throws {
    let type = tensor.host.elementType
    let expected = Array(tensor.host.view.hostBytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
    let left = type.floats(in: expected)
    let right = type.floats(in: try read(tensor.device.view))
    let largest = left.reduce(0) { max($0, $1.magnitude) }
    let allowed = allowance(type.spacing, largest)
    for (place, (want, got)) in zip(left, right).enumerated() {
      let agrees = want == got || (want.isNaN && got.isNaN) || (want - got).magnitude <= allowed
      try require(
        agrees, "\(what): element \(place) is \(got) instead of \(want), ± \(allowed) allowed")
    }
  }
}

extension ElementType {
  /// How far two neighbours of the type are apart, relative to their value; 0 for f32, where the
  /// bound of the operation says all.
  fileprivate var spacing: Float {
    switch self {
    case .f16: 0x1p-10
    case .bf16: 0x1p-7
    default: 0
    }
  }

  /// The bytes of numbers, each rounded once to nearest, ties to even.
  func bytes(of values: [Float]) -> [UInt8] {
    switch self {
    case .f16: values.map(Float16.init).withUnsafeBytes { Array($0) }
    case .bf16: values.map { BFloat16($0) }.withUnsafeBytes { Array($0) }
    default: values.withUnsafeBytes { Array($0) }
    }
  }

  /// The numbers in bytes.
  func floats(in bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / byteCount).map { index in
        let offset = index * byteCount
        switch self {
        case .f16: return Float(bytes.loadUnaligned(fromByteOffset: offset, as: Float16.self))
        case .bf16: return Float(bytes.loadUnaligned(fromByteOffset: offset, as: BFloat16.self))
        default: return bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
        }
      }
    }
  }
}
