import FerryDevices
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

  /// Pieces of `allocation`.
  init(_ allocation: Allocation) { self.allocation = allocation }

  /// All of it.
  var memory: BufferView { allocation.view }

  /// The bytes held on the device.
  package var byteCount: Int { allocation.byteCount }

  /// The bytes that pieces of these sizes take.
  package static func byteCount(_ sizes: [Int]) -> Int {
    sizes.reduce(0) { $0 + $1.rounded(upTo: alignment) }
  }

  /// The next free bytes; what they hold is undefined.
  func take(byteCount: Int) -> BufferView {
    let view = allocation.view[used, count: byteCount]
    used += byteCount.rounded(upTo: Self.alignment)
    return view
  }

  /// The next free bytes as a tensor; what they hold is undefined.
  package func take(_ elementType: ElementType, shape: [Int]) -> Tensor {
    Tensor(take(byteCount: shape.reduce(1, *) * elementType.byteCount), elementType, shape: shape)
  }

  /// A tensor that was taken when the work that fills it was recorded.
  func tensor(_ elementType: ElementType, at offset: Int, shape: [Int]) -> Tensor {
    let byteCount = shape.reduce(1, *) * elementType.byteCount
    return Tensor(memory[offset, count: byteCount], elementType, shape: shape)
  }

  /// Queues a copy of `words` to the device.
  func upload(_ words: [UInt32], to view: BufferView) throws(DeviceError) {
    let block = HostBlock(words)
    staged.append(block)
    try allocation.context.compute.upload(block.bytes, to: view)
  }

  /// Makes all bytes free again but the first `kept`, for work queued on the same stream from now on.
  func rewind(keeping kept: Int = 0) { used = kept.rounded(upTo: Self.alignment) }

  /// Lets go of what was staged, once the stream has passed.
  package func releaseStaged() { staged = [] }
}

/// Host memory that stays where it is until a stream has read it.
private final class HostBlock {
  let bytes: UnsafeRawBufferPointer

  init(_ words: [UInt32]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: words.count * MemoryLayout<UInt32>.stride, alignment: 64)
    words.withUnsafeBytes { copy.copyMemory(from: $0) }
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
