import FerryFormats

/// How the threads of `quantize.cl` share blocks: a team of a power of two takes a block.
struct EncodingTeams {
  /// Elements that a thread of a team holds, two units of eight.
  private static let heldPerThread = 16
  /// The most threads of a group, and so of a team; GROUP of the dialect.
  private static let mostThreads = 256

  /// log2 of a team's threads.
  let shift: Int
  /// Threads of a group, whole teams.
  let groupSize: Int

  /// As many threads as hold a block; one where the device runs each thread by itself.
  init(_ operations: KernelOperations, blockSize: Int) {
    groupSize = Self.groupSize(operations)
    let wanted = min(blockSize.blocks(of: Self.heldPerThread), Self.mostThreads)
    shift = operations.threads == 1 ? 0 : max(wanted - 1, 0).bitsNeeded
  }

  /// Threads of a group, however they share the work; a power of two.
  static func groupSize(_ operations: KernelOperations) -> Int {
    operations.threads == 1 ? 64 : mostThreads
  }
}

extension Int {
  /// How many bits hold it.
  fileprivate var bitsNeeded: Int { bitWidth - leadingZeroBitCount }
}
