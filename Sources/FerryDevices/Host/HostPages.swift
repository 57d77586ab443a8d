import Glibc
import Synchronization

/// The system's page.
enum PageSize {
  static let bytes = Int(sysconf(Int32(_SC_PAGESIZE)))
  /// What the system makes of many pages where it can.
  static let huge = 2 << 20

  /// The smallest multiple of a page that holds `byteCount` bytes.
  static func rounding(_ byteCount: Int) -> Int { (byteCount + bytes - 1) / bytes * bytes }
}

/// Anonymous pages of this process.
enum HostPages {
  /// `MADV_POPULATE_WRITE` (Linux 5.14).
  private static let populateWrite: Int32 = 23
  /// What one thread populates at a time.
  private static let pieceByteCount = 64 << 20
  private static let threadLimit = min(8, HostThreads.processorCount)

  /// Addresses for `size` bytes, a multiple of a page; those of large memory start at a huge page.
  /// Nil where the system refuses, with `errno` saying why.
  static func map(_ size: Int) -> UnsafeMutableRawPointer? {
    let slack = size < 2 * PageSize.huge ? 0 : PageSize.huge - PageSize.bytes
    let start = mmap(
      nil, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else { return nil }
    guard slack > 0 else { return start }
    let address = start.alignedUp(toMultipleOf: PageSize.huge)
    let head = address - start
    if head > 0 { munmap(start, head) }
    if slack > head { munmap(address + size, slack - head) }
    return address
  }

  /// Has the kernel put memory behind every page, with several threads, and tells `progress` of every
  /// piece that is there; returns 0 or the error number.
  ///
  /// Huge pages make this faster, and registration with a driver too; where memory is fragmented the
  /// kernel may compact it for each of them, which takes far longer than small pages do. The first
  /// piece tells, for the rest of the process, by the time that its thread worked.
  static func populate(
    _ address: UnsafeMutableRawPointer, _ size: Int, progress: @Sendable (Int) -> Void
  ) -> Int32 {
    let wantsHuge = size >= 2 * PageSize.huge && !HugePages.areSlow
    if wantsHuge { madvise(address, size, HugePages.advice) }
    let first = min(size, pieceByteCount)
    let start = HostThread.workedSeconds
    let failure = populatePiece(address, first)
    guard failure == 0 else { return failure }
    progress(first)
    if wantsHuge, HugePages.isSlow(first, HostThread.workedSeconds - start) {
      madvise(address + first, size - first, HugePages.refusal)
    }
    return populateRest(address + first, size - first, progress)
  }

  private static func populateRest(
    _ address: UnsafeMutableRawPointer, _ size: Int, _ progress: @Sendable (Int) -> Void
  ) -> Int32 {
    let failure = Atomic<Int32>(0)
    let start = UInt(bitPattern: address)
    HostThreads.perform((size + pieceByteCount - 1) / pieceByteCount, threads: threadLimit) {
      let offset = $0 * pieceByteCount
      guard failure.load(ordering: .relaxed) == 0,
        let piece = UnsafeMutableRawPointer(bitPattern: start + UInt(offset))
      else { return }
      let count = min(pieceByteCount, size - offset)
      let code = populatePiece(piece, count)
      if code != 0 { return failure.store(code, ordering: .relaxed) }
      progress(count)
    }
    return failure.load(ordering: .relaxed)
  }

  private static func populatePiece(_ address: UnsafeMutableRawPointer, _ size: Int) -> Int32 {
    if madvise(address, size, populateWrite) == 0 { return 0 }
    guard errno == EINVAL || errno == ENOSYS else { return errno }
    for offset in stride(from: 0, to: size, by: PageSize.bytes) {
      address.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
    return 0
  }
}

/// Whether the kernel has huge pages at hand.
private enum HugePages {
  /// `MADV_HUGEPAGE`
  static let advice: Int32 = 14
  /// `MADV_NOHUGEPAGE`
  static let refusal: Int32 = 15
  /// One thread populates small pages at more bytes a second on any machine that holds models.
  private static let slowestRate = 0.5e9
  private static let slow = Atomic<Bool>(false)

  static var areSlow: Bool { slow.load(ordering: .relaxed) }

  /// Judges by one measurement, and remembers a bad one.
  static func isSlow(_ byteCount: Int, _ seconds: Double) -> Bool {
    guard Double(byteCount) < slowestRate * seconds else { return false }
    slow.store(true, ordering: .relaxed)
    return true
  }
}
