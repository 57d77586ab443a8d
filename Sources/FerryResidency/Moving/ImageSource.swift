import FerryDevices
import FerryTensors
import Glibc

/// A piece of a range of an image, in one piece of memory.
struct ImagePiece {
  /// Where in the range it begins, in bytes.
  let offset: Int
  let view: BufferView
}

/// An image that is read range by range, wherever it is: files, host memory, or a device. Any thread
/// may read.
struct ImageSource: Sendable {
  /// Consecutive segments that are read together.
  struct Run: Sendable {
    var imageRange: Range<Int>
    var place: Place

    enum Place: Sendable {
      /// Each part at its file range.
      case files([MappedFile])
      /// The image range, in one piece.
      case memory(BufferView)
    }
  }

  private let parts: PartTable
  private let runs: [Run]
  /// Where device bytes are read; nil for an image on the host.
  let device: DeviceContext?

  /// A complete image, on `context`.
  init(_ image: WeightImage, on context: DeviceContext, parts: PartTable) {
    self.parts = parts
    self.device = context.device == .cpu ? nil : context
    var runs: [Run] = []
    for (segment, place) in zip(image.layout.segments, image.places) {
      guard let place else { preconditionFailure("segment \(segment.index) is absent") }
      runs.join(Run(imageRange: segment.imageRange, place: Run.Place(place)))
    }
    self.runs = runs
  }

  /// The bytes of `range`, if they lie in memory in one piece.
  func view(of range: Range<Int>) -> BufferView? {
    let overlapping = runs(in: range)
    guard overlapping.count == 1, let run = overlapping.first, case .memory(let view) = run.place,
      run.imageRange.lowerBound <= range.lowerBound, range.upperBound <= run.imageRange.upperBound
    else { return nil }
    return view[range.lowerBound - run.imageRange.lowerBound, count: range.count]
  }

  /// The bytes of `range` where they lie, for an image in memory; padding between pieces is left out.
  func pieces(of range: Range<Int>) -> [ImagePiece] {
    runs(in: range).map { run in
      guard case .memory(let view) = run.place else { preconditionFailure("an image in memory") }
      let piece = run.imageRange.clamped(to: range)
      return ImagePiece(
        offset: piece.lowerBound - range.lowerBound,
        view: view[piece.lowerBound - run.imageRange.lowerBound, count: piece.count])
    }
  }

  /// Puts the bytes of `range` into `target`; they are there once the returned event has passed, or
  /// at once where there is none. Padding is left as it is.
  func read(_ range: Range<Int>, into target: UnsafeMutableRawBufferPointer) throws
    -> (any DeviceEvent)?
  {
    for run in runs(in: range) {
      let piece = run.imageRange.clamped(to: range)
      let bytes = target.piece(piece, of: range)
      switch run.place {
      case .files(let files): try gather(piece, from: files, into: bytes)
      case .memory(let view):
        let source = view[piece.lowerBound - run.imageRange.lowerBound, count: piece.count]
        try copy(source, to: bytes)
      }
    }
    return try device?.download.record()
  }

  private func copy(_ source: BufferView, to target: UnsafeMutableRawBufferPointer) throws {
    if let device { return try device.download.download(source, to: target) }
    guard let from = source.hostBytes?.baseAddress, let to = target.baseAddress else { return }
    memcpy(to, from, source.byteCount)
  }

  private func gather(
    _ range: Range<Int>, from files: [MappedFile], into target: UnsafeMutableRawBufferPointer
  ) throws {
    var pieces: [FilePiece] = []
    for row in parts.rows(in: range) {
      guard let source = row.source else { preconditionFailure("a mapped part has a source") }
      let piece = row.imageRange.clamped(to: range)
      pieces.append(
        FilePiece(
          file: source.file, offset: source.offset + piece.lowerBound - row.imageOffset,
          target: target.piece(piece, of: range)))
    }
    try FilePiece.read(&pieces, from: files)
  }

  private func runs(in range: Range<Int>) -> ArraySlice<Run> {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].imageRange.upperBound > range.lowerBound {
        high = middle
      } else {
        low = middle + 1
      }
    }
    let rest = runs[low...]
    return rest.prefix { $0.imageRange.lowerBound < range.upperBound }
  }
}

extension ImageSource.Run.Place {
  init(_ place: SegmentPlace) {
    switch place {
    case .mapped(let files): self = .files(files)
    case .assembled(let view): self = .memory(view)
    }
  }
}

extension [ImageSource.Run] {
  /// Adds a run of one segment, to the last one where both lie together.
  fileprivate mutating func join(_ run: ImageSource.Run) {
    guard !run.imageRange.isEmpty else { return }
    if let last, let joined = last.joined(with: run) {
      self[count - 1] = joined
    } else {
      append(run)
    }
  }
}

extension ImageSource.Run {
  /// One run over both, where `next` continues this one in the same files or the same memory.
  fileprivate func joined(with next: Self) -> Self? {
    let range = imageRange.lowerBound..<next.imageRange.upperBound
    switch (place, next.place) {
    case (.files(let files), .files(let others)):
      guard files.count == others.count, zip(files, others).allSatisfy({ $0 === $1 }) else {
        return nil
      }
      return Self(imageRange: range, place: place)
    case (.memory(let view), .memory(let other)):
      let distance = next.imageRange.lowerBound - imageRange.lowerBound
      guard view.owner === other.owner, view.handle == other.handle,
        other.offset - view.offset == distance
      else { return nil }
      let joined = BufferView(
        device: view.device, owner: view.owner, handle: view.handle, offset: view.offset,
        byteCount: range.count)
      return Self(imageRange: range, place: .memory(joined))
    default: return nil
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// The bytes of the image range `piece`, where `self` holds those of `range`.
  fileprivate func piece(_ piece: Range<Int>, of range: Range<Int>) -> Self {
    let start = piece.lowerBound - range.lowerBound
    return Self(rebasing: self[start..<(start + piece.count)])
  }
}
