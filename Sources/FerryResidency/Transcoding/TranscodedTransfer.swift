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
  private let bridge: DeviceBridge
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
    self.bridge = weights.mover.bridge(from: source, to: target)
  }

  /// Moves everything; what is left to encode, in a lazy move.
  mutating func run() throws -> UnencodedSegments {
    try image.checkFilesUnchanged()
    var unencoded: [Int: [UnencodedWeight]] = [:]
    var completed = 0
    for segment in image.layout.segments {
      let weights = try carry(segment)
      if !weights.isEmpty { unencoded[segment.index] = weights }
      completed += segment.byteCount
      watch.report(.copying, completed, of: image.layout.byteCount)
    }
    try image.checkFilesUnchanged()
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
      let weight = WeightView(entry, parts: entry.parts.map { place.view(of: $0, in: segment) })
      for (index, part) in entry.parts.enumerated()
      where UnencodedWeight.keeps(part, of: entry) && carried.insert(part.imageOffset).inserted {
        try carry(weight.parts[index], to: view.parts[index])
      }
      guard UnencodedWeight.decodes(entry.format) else { continue }
      if let unencoded = try carryPayload(of: weight, to: view) { weights.append(unencoded) }
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

  /// Moves the payload of a weight in full precision, or as it is if encoding would not give it back;
  /// what is left to encode, in a lazy move.
  ///
  /// Encoding that is put off is tried at the source first, which still has the payload.
  private mutating func carryPayload(of weight: WeightView, to place: WeightView) throws
    -> UnencodedWeight?
  {
    let checksum = try source.download.checksum([weight.payload])
    let decoded = try values(of: weight.entry, on: source)
    try transcoding.dequantize(weight, into: decoded, on: source)
    if isLazy, try !comesBack(decoded, of: weight, payloadChecksum: checksum) {
      try carry(weight.payload, to: place.payload)
      return nil
    }
    let arrived = try values(of: weight.entry, on: target)
    try carry(decoded.view, to: arrived.view)
    let unencoded = UnencodedWeight(
      entry: weight.entry, values: arrived, view: place, payloadChecksum: checksum)
    if isLazy { return unencoded }
    if try !unencoded.encode(with: transcoding, on: target) {
      try carry(weight.payload, to: place.payload)
    }
    return nil
  }

  private func comesBack(_ decoded: Tensor, of weight: WeightView, payloadChecksum: UInt64) throws
    -> Bool
  {
    let scratch = try source.allocate(byteCount: max(1, weight.payload.byteCount))
    let payload = scratch.view[0, count: weight.payload.byteCount]
    let trial = UnencodedWeight(
      entry: weight.entry, values: decoded,
      view: WeightView(weight.entry, parts: [payload] + weight.parts.dropFirst()),
      payloadChecksum: payloadChecksum)
    return try trial.encode(with: transcoding, on: source)
  }

  /// Room for the numbers of a weight.
  private func values(of entry: WeightEntry, on context: DeviceContext) throws -> Tensor {
    let byteCount = max(1, entry.count * ElementType.f32.byteCount)
    return Tensor(try context.allocate(byteCount: byteCount).view, .f32, shape: entry.shape)
  }

  /// Copies bytes to the target and waits for them.
  private mutating func carry(_ bytes: BufferView, to place: BufferView) throws {
    byteCount += bytes.byteCount
    try bridge.copy(bytes, to: place)
  }
}
