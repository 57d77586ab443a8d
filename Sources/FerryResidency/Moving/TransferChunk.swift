import FerryDevices
import FerryTensors

/// A piece of an image on its way.
struct TransferChunk: Sendable {
  /// What it is of the image.
  let imageRange: Range<Int>
  /// Where it is to arrive.
  let view: BufferView
}

extension ImageMemory {
  /// All of the image in chunks of at most `byteCount` bytes, in image order; none goes across a multiple
  /// of `pieceByteCount` from the start of its slab, where host memory of the same slab is registered
  /// in pieces.
  func chunks(of byteCount: Int, within pieceByteCount: Int) -> [TransferChunk] {
    slabs.flatMap { $0.chunks(of: byteCount, within: pieceByteCount) }
  }
}

extension ImageMemory.Place {
  /// All of the slab in chunks, as ``ImageMemory/chunks(of:within:)`` has them.
  func chunks(of byteCount: Int, within pieceByteCount: Int) -> [TransferChunk] {
    slab.chunkRanges(of: byteCount, within: pieceByteCount).map { range in
      let start = range.lowerBound - slab.imageRange.lowerBound
      return TransferChunk(
        imageRange: range, view: memory.view[start, count: range.count])
    }
  }
}

extension Slab {
  /// The ranges of the image that make up the slab, as ``ImageMemory/chunks(of:within:)`` has them.
  func chunkRanges(of byteCount: Int, within pieceByteCount: Int) -> [Range<Int>] {
    let start = imageRange.lowerBound
    let pieces = (0..<imageRange.count).split(at: pieceByteCount)
    return pieces.flatMap { $0.split(at: byteCount) }.map {
      start + $0.lowerBound..<start + $0.upperBound
    }
  }
}

extension Range<Int> {
  /// Ranges of at most `count` that make up this one.
  fileprivate func split(at count: Int) -> [Range<Int>] {
    stride(from: lowerBound, to: upperBound, by: count).map {
      $0..<Swift.min($0 + count, upperBound)
    }
  }
}

/// Chunks whose copies were started, in order.
struct ChunksUnderWay {
  /// A chunk whose copy is done once the event has passed.
  struct Chunk {
    let event: (any DeviceEvent)?
    /// What it counts for.
    let byteCount: Int
    /// Whether it has a lane of host memory until then.
    var hasLane = false
  }

  private var chunks: [Chunk] = []

  var count: Int { chunks.count }

  mutating func start(_ chunk: Chunk) { chunks.append(chunk) }

  /// Waits for the oldest chunk.
  mutating func finishOldest() throws -> Chunk {
    let chunk = chunks.removeFirst()
    try chunk.event?.wait()
    return chunk
  }
}
