import FerryDevices
import FerryTensors
import Glibc

/// Host memory of one measurement: mapped, touched by several threads, and registered with a driver
/// where that is asked for.
///
/// `@unchecked Sendable`: threads touch disjoint parts, and the registration is one owner's.
final class HostRegion: @unchecked Sendable {
  /// The whole of it.
  let bytes: UnsafeMutableRawBufferPointer
  /// Its first byte.
  let start: UnsafeMutableRawPointer
  private var registered: [UnsafeMutableRawBufferPointer] = []
  private var pinning: (any HostPinning)?

  /// The largest piece that is registered at once, as the drivers like it.
  static let pieceByteCount = 1 << 30
  /// `MADV_POPULATE_WRITE` (Linux 5.14).
  private static let populateWrite: Int32 = 23

  /// Addresses with no memory behind them yet; `byteCount` is a multiple of 2 MiB.
  init(byteCount: Int, hugePages: Bool = false) throws {
    let address = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else {
      throw DeviceError(.outOfMemory, "the system refused \(byteCount) bytes of addresses")
    }
    start = address
    bytes = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    madvise(address, byteCount, Int32(hugePages ? MADV_HUGEPAGE : MADV_NOHUGEPAGE))
  }

  deinit {
    for piece in registered { pinning?.unregister(piece) }
    munmap(bytes.baseAddress, bytes.count)
  }

  /// Puts memory behind all of it, from `threads` threads at once.
  func populate(threads: Int) async throws {
    let pieces = pieces(of: (bytes.count / threads).rounded(upTo: 2 << 20))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for piece in pieces { group.addTask { try Self.populate(piece) } }
      try await group.waitForAll()
    }
  }

  /// Registers all of it.
  func register(with pinning: any HostPinning) throws {
    self.pinning = pinning
    for piece in pieces(of: Self.pieceByteCount) {
      try pinning.register(UnsafeMutableRawBufferPointer(rebasing: bytes[piece.range]))
      registered.append(UnsafeMutableRawBufferPointer(rebasing: bytes[piece.range]))
    }
  }

  /// A part of the region, by its range.
  struct Piece: Sendable {
    let region: HostRegion
    let range: Range<Int>
  }

  private func pieces(of byteCount: Int) -> [Piece] {
    stride(from: 0, to: bytes.count, by: byteCount).map {
      Piece(region: self, range: $0..<min($0 + byteCount, bytes.count))
    }
  }

  private static func populate(_ piece: Piece) throws {
    let part = UnsafeMutableRawBufferPointer(rebasing: piece.region.bytes[piece.range])
    guard let start = part.baseAddress, madvise(start, part.count, populateWrite) != 0 else {
      return
    }
    guard errno == EINVAL else {
      throw DeviceError(
        .outOfMemory,
        "the system refused \(part.count) bytes: release something or raise its limits")
    }
    for offset in stride(from: 0, to: part.count, by: 4096) { part[offset] = 0 }
  }
}
