package import FerryDevices
package import FerryFormats
package import FerryTensors

/// Memory on a device for the activations of one pass, cut off piece by piece.
///
/// `@unchecked Sendable`: a session's steps run one at a time, and only the step that runs uses it.
package final class ScratchArena: @unchecked Sendable {
  /// Pieces start at multiples of this many bytes.
  package static let alignment = 256

  private let allocation: Allocation
  private var used = 0
  private var staged: [HostBlock] = []

  /// Allocates `byteCount` bytes on the device.
  package init(_ context: DeviceContext, byteCount: Int) throws {
    allocation = try context.allocate(byteCount: byteCount)
  }

  /// The bytes held on the device.
  package var byteCount: Int { allocation.byteCount }

  /// The bytes that tensors of these sizes take.
  package static func byteCount(_ sizes: [Int]) -> Int {
    sizes.reduce(0) { $0 + $1.rounded(upTo: alignment) }
  }

  /// The next free bytes as a tensor; what they hold is undefined.
  package func take(_ elementType: ElementType, shape: [Int]) -> Tensor {
    let byteCount = shape.reduce(1, *) * elementType.byteCount
    let view = allocation.view[used, count: byteCount]
    used += byteCount.rounded(upTo: Self.alignment)
    return Tensor(view, elementType, shape: shape)
  }

  /// The next free bytes, with `values` queued to be copied there.
  package func upload(_ values: [Float], shape: [Int]) throws -> Tensor {
    let tensor = take(.f32, shape: shape)
    let block = HostBlock(values)
    staged.append(block)
    try allocation.context.compute.upload(block.bytes, to: tensor.view)
    return tensor
  }

  /// Makes all bytes free again, for work queued on the same stream from now on.
  package func rewind() { used = 0 }

  /// Lets go of what was staged, once the stream has passed.
  package func releaseStaged() { staged = [] }
}

/// Host memory that stays where it is until a stream has read it.
private final class HostBlock {
  let bytes: UnsafeRawBufferPointer

  init(_ values: [Float]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: values.count * MemoryLayout<Float>.stride, alignment: 64)
    values.withUnsafeBytes { copy.copyMemory(from: $0) }
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
