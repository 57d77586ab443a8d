import FerryDevices

/// The host memory that numbered chunks of an image go through: where the image itself is being registered,
/// else the staging ring.
struct HostLanes: Sendable {
  let pinning: HostPinning?
  let ring: StagingRing
  /// What the chunks are of the image.
  let ranges: [Range<Int>]

  /// Where a chunk is in memory that the driver copies from and to, waiting for that to be registered.
  ///
  /// In the ring a chunk has its place once the one that many before it has gone.
  func place(ofChunk number: Int) throws -> HostPinning.Place {
    if let place = try pinning?.place(of: ranges[number]) { return place }
    return HostPinning.Place(
      view: try ring.memory(ofChunk: number, byteCount: ranges[number].count), isFilled: false)
  }

  /// Whether a chunk's place is in the ring.
  func isStaged(_ number: Int) throws -> Bool { try pinning?.place(of: ranges[number]) == nil }

  /// Waits for the chunk's memory, in the thread that copies.
  func wait(forChunk number: Int) throws { try pinning?.wait(for: ranges[number]) }
}
