import FerryDevices

/// A piece of a range as the kernel reads it: four little-endian words.
struct ChecksumChunk: BitwiseCopyable, Sendable {
  /// Where it starts in its memory, in bytes.
  var offset: UInt64
  /// Its size in bytes: whole words, but for the last of a range.
  var byteCount: UInt64
  /// The number of its first word in the range.
  var firstWord: UInt64
  /// The seed of the range.
  var seed: UInt64
}

/// The chunks that lie in one piece of device memory.
struct ChecksumTable {
  /// The memory from its first byte; the chunks hold offsets into it.
  let data: BufferView
  private(set) var chunks: [ChecksumChunk] = []

  /// Small enough to spread over all threads, large enough for a table that is small beside the data.
  private static let chunkSize = 64 << 10
  /// So many chunks go to the device at once: 1 MiB of table for up to 2 GiB of data.
  private static let batchSize = 1 << 15

  init(_ range: BufferView) {
    data = BufferView(
      device: range.device, owner: range.owner, handle: range.handle, offset: 0,
      byteCount: range.offset + range.byteCount)
  }

  mutating func append(_ range: BufferView, seed: UInt64) {
    for start in stride(from: 0, to: range.byteCount, by: Self.chunkSize) {
      chunks.append(
        ChecksumChunk(
          offset: UInt64(range.offset + start),
          byteCount: UInt64(min(Self.chunkSize, range.byteCount - start)),
          firstWord: UInt64(start / 8), seed: seed))
    }
  }

  var largestBatch: Int { min(chunks.count, Self.batchSize) }

  var batches: [ArraySlice<ChecksumChunk>] {
    stride(from: 0, to: chunks.count, by: Self.batchSize).map {
      chunks[$0..<min($0 + Self.batchSize, chunks.count)]
    }
  }
}

/// A list of ranges, sorted by the memory they lie in; a range's number stays in its seed.
struct ChecksumTables {
  private(set) var tables: [ChecksumTable] = []
  private var indices: [DeviceHandle: Int] = [:]

  mutating func append(_ range: BufferView, seed: UInt64) {
    guard range.byteCount > 0 else { return }
    let index = indices[range.handle] ?? tables.count
    if index == tables.count {
      indices[range.handle] = index
      tables.append(ChecksumTable(range))
    }
    tables[index].append(range, seed: seed)
  }
}
