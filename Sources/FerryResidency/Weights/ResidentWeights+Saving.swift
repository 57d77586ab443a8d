import FerryDevices
package import FerryTensors

/// The bytes of one segment in host memory, lent for the time of a call.
package struct SegmentBytes {
  fileprivate let segment: Segment
  fileprivate let place: SegmentPlace

  /// The bytes of a part of the segment; valid during the call.
  package subscript(part: WeightPart) -> UnsafeRawBufferPointer {
    guard let bytes = place.view(of: part, in: segment).hostBytes else {
      preconditionFailure("segment \(segment.name) was lent on the host")
    }
    return bytes
  }
}

extension ResidentWeights {
  /// Lends the bytes of one segment to `body`, wherever the weights are, without moving them.
  ///
  /// Bytes of an image in host memory are lent as they are; those of files or of a device are read
  /// into memory that is released on return, so that saving segment by segment takes the memory of
  /// the largest. Steps go on meanwhile; moves wait. `body` runs on a thread of its own.
  package func withHostBytes<Value: Sendable>(
    ofSegment index: Int, _ body: @escaping @Sendable (SegmentBytes) throws -> Value
  ) async throws -> Value {
    try await gate.enter(.reading)
    defer { gate.leave(.reading) }
    return try await thread.run { [self] in try body(hostBytes(ofSegment: index)) }
  }

  private func hostBytes(ofSegment index: Int) throws -> SegmentBytes {
    let placement = placement
    let segment = layout.segments[index]
    if case .assembled(let view)? = placement.hostImage?.places[index] {
      if device == .cpu { try encode(segment: index) }
      return SegmentBytes(segment: segment, place: .assembled(view))
    }
    let image: WeightImage
    if let host = placement.hostImage, (try? host.checkFilesUnchanged()) != nil {
      image = host
    } else {
      try encode(segment: index)
      image = placement.active
      try image.checkFilesUnchanged()
    }
    return SegmentBytes(segment: segment, place: .assembled(try read(segment, of: image)))
  }

  private func read(_ segment: Segment, of image: WeightImage) throws -> BufferView {
    let range = segment.imageRange
    let memory = try mover.host.allocate(byteCount: max(1, range.count))
    let view = memory.view[0, count: range.count]
    guard let bytes = view.mutableHostBytes else { preconditionFailure("host memory") }
    let source = ImageSource(image, on: image.device == .cpu ? mover.host : context, parts: parts)
    do {
      try source.read(range, into: bytes)?.wait()
    } catch {
      try? context.download.synchronize()
      throw error
    }
    try image.checkFilesUnchanged()
    return view
  }
}

extension ResidentWeights {
  /// A second model with the same weights, on the CPU.
  ///
  /// It shares the immutable host image where there is one; else the bytes are downloaded into host
  /// memory of its own. States stay with the original.
  package func copy() async throws -> ResidentWeights {
    try await gate.enter(.reading)
    defer { gate.leave(.reading) }
    let watch = MoveWatch()
    let image = try await watch.run(on: thread) { [self] in
      if device == .cpu { try encodeAll() }
      return try placement.hostImage
        ?? downloaded(from: placement.active, on: context, watch: watch)
    }
    let copy = ResidentWeights(.host(image), layout: layout, parts: parts, mover: mover)
    copy.knownChecksums = knownChecksums
    return copy
  }

  private func downloaded(
    from image: WeightImage, on context: DeviceContext, watch: MoveWatch
  ) throws -> WeightImage {
    try encodeAll()
    let memory = try ImageMemory(reserving: layout, on: mover.host)
    try transfer(image, on: context, into: memory, on: mover.host, watch: watch)
    return memory.image
  }

  /// Copies an image; when this returns or throws, no copy is under way. `arrival` hears what of it is on its way.
  func transfer(
    _ image: WeightImage, on source: DeviceContext, into memory: ImageMemory,
    on target: DeviceContext, pinning: HostPinning? = nil,
    arrival: WeightArrival? = nil, watch: MoveWatch
  ) throws {
    try image.checkFilesUnchanged()
    let transfer = Transfer(
      ImageSource(image, on: source, parts: parts), into: memory, on: target, pinning: pinning,
      parts: parts, mover: mover, watch: watch)
    do {
      try transfer.run(telling: arrival)
      try pinning?.finish()
    } catch {
      try? source.download.synchronize()
      try? target.upload.synchronize()
      withExtendedLifetime(transfer) {}
      throw error
    }
    try image.checkFilesUnchanged()
  }
}
