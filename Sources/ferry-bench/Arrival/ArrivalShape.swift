import FerryModels
import FerryTensors

/// The model that arrives, and the chunks it comes in.
struct ArrivalShape {
  let configuration: LlamaConfiguration
  let chunkByteCount: Int

  /// Llama 3 8B in the chunks of every move, or its proportions in a thirtieth of its size and a sixteenth of theirs.
  init(_ scale: BenchScale) {
    switch scale {
    case .full: (configuration, chunkByteCount) = (.llama8B, 16 << 20)
    case .host: (configuration, chunkByteCount) = (.thirtiethOf8B, 1 << 20)
    case .small: (configuration, chunkByteCount) = (.small, 64 << 10)
    }
  }

  /// The least time from the beginning of an upload to the first logits, on paper, in seconds: a segment is computed with once
  /// it is there and those before it are done. `rows` go through the layers and one through the head; the
  /// embedding, of which rows are read, takes no time.
  func floor(_ llama: SyntheticLlama, rows: Int, upload: Double, compute: Double) -> Double {
    let segments = llama.layout.segments
    let work = segments.map { segment in
      switch segment.index {
      case 0: 0.0
      case segments.count - 1: Double(segment.byteCount)
      default: Double(segment.byteCount * rows)
      }
    }
    let (allWork, allBytes) = (work.reduce(0, +), Double(llama.layout.byteCount))
    var (bytes, done) = (0.0, 0.0)
    for (segment, work) in zip(segments, work) {
      bytes += Double(segment.byteCount)
      let chunk = Double(chunkByteCount)
      let arrival = min(1, (bytes / chunk).rounded(.up) * chunk / allBytes) * upload
      done = max(done, arrival) + work / allWork * compute
    }
    return done
  }
}

extension LlamaConfiguration {
  /// Layers, embedding and head with the same shares of the bytes as those of Llama 3 8B in 4 bits.
  fileprivate static let thirtiethOf8B = shape(
    hidden: 1024, inner: 3584, heads: (16, 4), layers: 16, vocabulary: 16384)
}
