import FerryDevices
import FerryFormats
import FerryTensors

/// Carries an image to another device in full precision, weight by weight.
struct TranscodedTransfer {
  let image: WeightImage
  let memory: ImageMemory
  let source: DeviceContext
  let target: DeviceContext
  let transcoding: any WeightTranscoding
  let isLazy: Bool
  let mover: Mover
  let parts: PartTable
  let watch: MoveWatch
  /// The bytes that travelled.
  private(set) var byteCount = 0

  init(
    _ image: WeightImage, into memory: ImageMemory, from source: DeviceContext,
    to target: DeviceContext, transcoding: any WeightTranscoding, isLazy: Bool,
    weights: ResidentWeights, watch: MoveWatch
  ) {
    self.image = image
    self.memory = memory
    self.source = source
    self.target = target
    self.transcoding = transcoding
    self.isLazy = isLazy
    self.mover = weights.mover
    self.parts = weights.parts
    self.watch = watch
  }

  /// Moves everything; what is left to encode, in a lazy move.
  mutating func run() throws -> UnencodedSegments {
    var unencoded: [Int: [UnencodedWeight]] = [:]
    var completed = 0
    for segment in image.layout.segments {
      let weights = try carry(segment)
      if isLazy {
        unencoded[segment.index] = weights
      } else {
        for weight in weights { try weight.encode(with: transcoding, on: target) }
      }
      completed += segment.byteCount
      watch.report(.copying, completed, of: image.layout.byteCount)
    }
    try watch.checkCancellation()
    return UnencodedSegments(unencoded, with: transcoding, on: target)
  }

  private mutating func carry(_ segment: Segment) throws -> [UnencodedWeight] {
    let place = try readable(segment)
    guard let resident = memory.image.resident(segment: segment.index) else { return [] }
    var carried: Set<Int> = []
    var weights: [UnencodedWeight] = []
    for (entry, view) in zip(image.layout.entries[segment.entries], resident.weights) {
      try watch.checkCancellation()
      let views = entry.parts.map { place.view(of: $0, in: segment) }
      for (index, part) in entry.parts.enumerated()
      where UnencodedWeight.keeps(part, of: entry) && carried.insert(part.imageOffset).inserted {
        try carry(views[index], to: view.parts[index])
      }
      guard UnencodedWeight.decodes(entry.format) else { continue }
      let values = try carryValues(of: WeightView(entry, parts: views))
      weights.append(UnencodedWeight(entry: entry, values: values, view: view))
    }
    return weights
  }

  /// The segment where the source can compute with it: one in files is read into memory, since a
  /// mapping of a file that is truncated meanwhile faults.
  private func readable(_ segment: Segment) throws -> SegmentPlace {
    guard let place = image.places[segment.index] else {
      preconditionFailure("segment \(segment.index) is absent")
    }
    guard case .mapped = place else { return place }
    let memory = try mover.host.allocate(byteCount: max(1, segment.imageRange.count))
    let view = memory.view[0, count: segment.imageRange.count]
    guard let bytes = view.mutableHostBytes else { preconditionFailure("host memory") }
    _ = try ImageSource(image, on: source, parts: parts).read(segment.imageRange, into: bytes)
    return .assembled(view)
  }

  private mutating func carryValues(of weight: WeightView) throws -> Tensor {
    let shape = weight.entry.shape
    let byteCount = max(1, weight.entry.count * ElementType.f32.byteCount)
    let decoded = Tensor(try source.allocate(byteCount: byteCount).view, .f32, shape: shape)
    try transcoding.dequantize(weight, into: decoded, on: source)
    let arrived = Tensor(try target.allocate(byteCount: byteCount).view, .f32, shape: shape)
    try carry(decoded.view, to: arrived.view)
    return arrived
  }

  /// Copies bytes to the target, between devices through the host, and waits for them.
  private mutating func carry(_ bytes: BufferView, to place: BufferView) throws {
    byteCount += bytes.byteCount
    if let from = bytes.hostBytes {
      try target.upload.upload(from, to: place)
    } else if let to = place.mutableHostBytes {
      try source.download.download(bytes, to: to)
      try source.download.synchronize()
    } else {
      try stage(bytes, to: place)
    }
    try target.upload.synchronize()
  }

  private func stage(_ bytes: BufferView, to place: BufferView) throws {
    let limit = min(mover.staging.chunkByteCount, max(1, bytes.byteCount))
    let staging = try mover.host.allocate(byteCount: limit)
    for start in stride(from: 0, to: bytes.byteCount, by: limit) {
      let count = min(limit, bytes.byteCount - start)
      guard let chunk = staging.view[0, count: count].mutableHostBytes else { continue }
      try source.download.download(bytes[start, count: count], to: chunk)
      try source.download.synchronize()
      try target.upload.upload(UnsafeRawBufferPointer(chunk), to: place[start, count: count])
      try target.upload.synchronize()
    }
  }
}
