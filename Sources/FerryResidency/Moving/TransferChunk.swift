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
  /// All of the image in chunks of at most `byteCount` bytes, in image order.
  func chunks(of byteCount: Int) -> [TransferChunk] {
    slabs.flatMap { place in
      let range = place.slab.imageRange
      return stride(from: range.lowerBound, to: range.upperBound, by: byteCount).map { start in
        let chunk = start..<min(start + byteCount, range.upperBound)
        return TransferChunk(
          imageRange: chunk,
          view: place.memory.view[start - range.lowerBound, count: chunk.count])
      }
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
    /// Whether it holds staging memory until then.
    var isStaged = false
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
