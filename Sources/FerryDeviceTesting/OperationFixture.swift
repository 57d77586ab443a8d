import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// The implementation under test beside the reference, and operands that both have.
///
/// Memory on the device is laid between guard bytes, at an odd number of elements from the start.
final class OperationFixture {
  /// What is tested.
  let operations: any Operations
  /// What it is compared with.
  let reference: ReferenceOperations
  /// Where operands start: at a multiple of so many bytes besides those of their elements.
  var alignment = 1
  private var guarded: [GuardedMemory] = []
  private var weights: [(weight: WeightView, checksum: UInt64)] = []

  init(_ operations: any Operations) throws {
    self.operations = operations
    reference = ReferenceOperations(context: try DeviceContext(HostBackend()))
  }

  /// Where the implementation under test runs.
  var context: DeviceContext { operations.context }

  /// Memory for `byteCount` bytes that starts at a multiple of `alignment`, and an odd one.
  func memory(_ byteCount: Int, alignment: Int) throws -> BufferView {
    let memory = try GuardedMemory(
      context, byteCount: byteCount, alignment: max(alignment, self.alignment))
    guarded.append(memory)
    return memory.view
  }

  /// Has the weight checked at the end: a forward pass does not change it.
  func watch(_ weight: WeightView) throws {
    weights.append((weight, try context.compute.checksum(weight.parts)))
  }

  /// Throws where a watched weight has changed, or where something was written beside an operand.
  func checkSurroundings() throws {
    for (weight, checksum) in weights {
      let now = try context.compute.checksum(weight.parts)
      try require(now == checksum, "the weight \(weight.entry.format.testName) was changed")
    }
    for memory in guarded { try memory.check(context) }
  }
}

/// An allocation whose bytes around a view have a known value.
private struct GuardedMemory {
  private static let guardByte: UInt8 = 0xA5
  private let allocation: Allocation
  let view: BufferView

  init(_ context: DeviceContext, byteCount: Int, alignment: Int) throws {
    let start = (64 / alignment + 1) * alignment
    allocation = try context.allocate(byteCount: start + byteCount + 64)
    view = allocation.view[start, count: byteCount]
    try context.compute.fill(allocation.view, with: Self.guardByte)
  }

  func check(_ context: DeviceContext) throws {
    let bytes = try TestBytes.read(allocation.view, in: context)
    let before = bytes[..<view.offset]
    let after = bytes[(view.offset + view.byteCount)...]
    try require(
      before.allSatisfy { $0 == Self.guardByte } && after.allSatisfy { $0 == Self.guardByte },
      "bytes beside an operand of \(view.byteCount) bytes were written")
  }
}
