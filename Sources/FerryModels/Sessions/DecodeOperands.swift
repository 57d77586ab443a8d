import FerryDevices
import FerryOperations
import FerryTensors

/// Everything outside itself that a recorded pass goes by: where its operands are, and what is passed
/// by value. While this is equal, the recording may run.
struct DecodeOperands: Equatable {
  private var words: [UInt]

  /// The operands of a pass over one token.
  init(
    _ weights: [WeightView], _ cache: KeyValueCache, _ scratch: ScratchArena,
    _ operations: any Operations
  ) {
    words = []
    for weight in weights {
      for part in weight.parts { append(part) }
      words.append(UInt(weight.entry.nestedOffset.bitPattern))
    }
    for view in cache.memory + [scratch.memory] + operations.scratchMemory { append(view) }
  }

  private mutating func append(_ view: BufferView) {
    words.append(view.handle.rawValue)
    words.append(UInt(view.offset))
    words.append(UInt(view.byteCount))
  }
}
