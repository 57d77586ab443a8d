import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Foundation

/// Host memory for tests, whose views may start at any byte.
final class HostMemory: MemoryOwner {
  private let start: UInt
  private let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    memset(memory, 0xa5, byteCount)
    start = UInt(bitPattern: memory)
  }

  deinit { UnsafeMutableRawPointer(bitPattern: start)?.deallocate() }

  /// `byteCount` bytes that start `shift` bytes after an aligned address.
  static func view(byteCount: Int, shift: Int = 0) -> BufferView {
    let memory = HostMemory(byteCount: byteCount + shift)
    return BufferView(
      device: .cpu, owner: memory, handle: DeviceHandle(rawValue: memory.start), offset: shift,
      byteCount: byteCount)
  }
}

extension Tensor {
  /// A tensor whose elements are not yet anything.
  static func empty(_ type: ElementType, _ shape: [Int], shift: Int = 0) -> Tensor {
    let byteCount = shape.reduce(1, *) * type.byteCount
    return Tensor(HostMemory.view(byteCount: byteCount, shift: shift), type, shape: shape)
  }

  static func of(
    _ values: [Float], _ type: ElementType, _ shape: [Int], shift: Int = 0
  ) -> Tensor {
    let tensor = Tensor.empty(type, shape, shift: shift)
    tensor.write(values)
    return tensor
  }

  static func of(_ values: [Float], _ shape: [Int], shift: Int = 0) -> Tensor {
    of(values, .f32, shape, shift: shift)
  }

  var floats: [Float] {
    guard let bytes = view.hostBytes else { return [] }
    return (0..<count).map { index in
      switch elementType {
      case .f16: Float(bytes.loadUnaligned(fromByteOffset: 2 * index, as: Float16.self))
      case .bf16: Float(bytes.loadUnaligned(fromByteOffset: 2 * index, as: BFloat16.self))
      default: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
      }
    }
  }

  func write(_ values: [Float]) {
    guard let bytes = view.mutableHostBytes else { return }
    for (index, value) in values.enumerated() {
      switch elementType {
      case .f16: bytes.storeBytes(of: Float16(value), toByteOffset: 2 * index, as: Float16.self)
      case .bf16: bytes.storeBytes(of: BFloat16(value), toByteOffset: 2 * index, as: BFloat16.self)
      default: bytes.storeBytes(of: value, toByteOffset: 4 * index, as: Float.self)
      }
    }
  }

  var bytes: [UInt8] { view.bytes }
}

extension BufferView {
  var bytes: [UInt8] { hostBytes.map(Array.init) ?? [] }
}

extension WeightView {
  /// A weight with room for its parts, each `shift` bytes off alignment.
  static func empty(
    _ format: WeightFormat, _ shape: [Int], dtype: ElementType = .f32, nestedOffset: Float = 0,
    shift: Int = 0
  ) -> WeightView {
    let description = WeightDescription(
      names: ["weight"], format: format, dtype: dtype, shape: shape, nestedOffset: nestedOffset)
    let layout = WeightLayout(planning: [SegmentDescription(name: "s", weights: [description])])
    let entry = layout.entries[0]
    return WeightView(
      entry, parts: entry.parts.map { HostMemory.view(byteCount: $0.byteCount, shift: shift) })
  }

  /// `values` encoded by the reference of the format.
  static func encoding(
    _ values: [Float], _ format: WeightFormat, _ shape: [Int], shift: Int = 0
  ) throws -> WeightView {
    let empty = WeightView.empty(format, shape, shift: shift)
    let offset = try values.withUnsafeBytes { source in
      try format.encode(
        source, of: .f32, shape: shape, into: empty.parts.compactMap(\.mutableHostBytes))
    }
    let weight = WeightView.empty(format, shape, nestedOffset: offset, shift: shift)
    for (target, part) in zip(weight.parts, empty.parts) {
      if let bytes = part.hostBytes { target.mutableHostBytes?.copyMemory(from: bytes) }
    }
    return weight
  }

  static func plain(_ values: [Float], _ shape: [Int]) throws -> WeightView {
    try encoding(values, .plain(.f32), shape)
  }
}

/// Reproducible numbers.
struct TestNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Checksum.mix(state)
  }

  /// Numbers in -1 ..< 1, denser around 0.
  mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in
      let a = Float(next() >> 40) / Float(1 << 24)
      let b = Float(next() >> 40) / Float(1 << 24)
      return (a - b) * scale
    }
  }
}
