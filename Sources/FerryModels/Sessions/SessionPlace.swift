import FerryDevices
import FerryOperations

/// What a session has on one device beside its text: the operations, memory for activations, and the
/// recorded pass.
///
/// It outlives a stay where the device's addresses stay, so that a session which comes back goes on
/// with what was recorded.
struct SessionPlace {
  let context: DeviceContext
  let operations: any Operations
  var recorder = DecodeRecorder()
  /// Where logits arrive on the host.
  var logits: LogitsMemory
  /// Where the cache was when the session left; nothing is in it.
  var formerCache: KeyValueCache?
  /// Activations of passes over one token.
  private(set) var single: ScratchArena?
  /// Activations of the latest pass over more, gone with the next over one.
  private(set) var several: ScratchArena?
  private var singleMemory: ReturningMemory?

  /// A place on `context`; its logits arrive in memory of `host`.
  init(_ context: DeviceContext, _ operations: any Operations, host: DeviceContext?) {
    self.context = context
    self.operations = operations
    self.logits = LogitsMemory(of: host)
  }

  /// The bytes of activations held.
  var byteCount: Int { (single?.byteCount ?? 0) + (several?.byteCount ?? 0) }

  /// Scratch for a pass over `rows` tokens, which takes `byteCount` bytes.
  mutating func scratch(rows: Int, byteCount: Int) throws -> ScratchArena {
    let scratch = rows == 1 ? try single(byteCount) : try several(byteCount)
    scratch.rewind()
    return scratch
  }

  /// Ends a stay: gives the memory back and keeps the addresses.
  mutating func leave(_ cache: KeyValueCache?) {
    if let cache { formerCache = cache.vacated() }
    single = nil
    several = nil
    logits.release()
    operations.releaseScratch()
  }

  private mutating func single(_ byteCount: Int) throws -> ScratchArena {
    several = nil
    if let single { return single }
    let memory = try singleMemory ?? ReturningMemory(context, byteCount: byteCount)
    singleMemory = memory
    let arena = ScratchArena(try memory.allocate())
    single = arena
    return arena
  }

  private mutating func several(_ byteCount: Int) throws -> ScratchArena {
    if let several, several.byteCount == byteCount { return several }
    several = nil
    let arena = ScratchArena(try context.allocate(byteCount: byteCount))
    several = arena
    return arena
  }
}
