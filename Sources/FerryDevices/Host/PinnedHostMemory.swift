/// Host memory registered with a driver. When the last reference goes it is registered no more, and
/// then it is given back as every ``Allocation`` is; no copy from or to it is under way.
package final class PinnedHostMemory: MemoryOwner {
  /// The memory.
  package let allocation: Allocation
  /// Who registered it.
  let pinning: any HostPinning
  private let budget: PinnedBudget?
  private let pieceByteCount: Int
  private let turn: PinTurn?

  /// The most bytes that are registered in one call: some drivers refuse, or hold everybody up with, very
  /// large ones.
  package static let pieceLimit = 1 << 30

  /// Registers an allocation of a ``HostBackend``; what it takes is counted by `budget`. On failure nothing stays registered.
  package convenience init(
    _ allocation: Allocation, with pinning: any HostPinning, budget: PinnedBudget? = nil
  ) throws(DeviceError) {
    try self.init(
      allocation, with: pinning, budget: budget, pieceByteCount: Self.pieceLimit, turn: nil,
      isRegistered: false)
  }

  /// The same in pieces of `pieceByteCount` bytes, a multiple of a page, from its start on, when it is its
  /// `turn`; where it `isRegistered`, it counts already too.
  init(
    _ allocation: Allocation, with pinning: any HostPinning, budget: PinnedBudget?,
    pieceByteCount: Int, turn: PinTurn?, isRegistered: Bool
  ) throws(DeviceError) {
    precondition(pieceByteCount % PageSize.bytes == 0, "pieces are made of pages")
    if !isRegistered {
      try Self.register(allocation.pages, in: pieceByteCount, with: pinning, budget)
    }
    self.allocation = allocation
    self.pinning = pinning
    self.budget = budget
    self.pieceByteCount = pieceByteCount
    self.turn = turn
  }

  deinit {
    let pages = allocation.pages
    let unregister = { [pinning, budget, pieceByteCount] in
      for piece in pages.pieces(of: pieceByteCount) { pinning.unregister(piece) }
      budget?.giveBack(pages.count)
    }
    if let turn { turn.end(unregister) } else { unregister() }
  }

  /// All of its bytes.
  package var view: BufferView { owning(allocation.view) }

  /// The same bytes as a view of the allocation, kept registered by the view.
  package func owning(_ view: BufferView) -> BufferView {
    precondition(view.handle == allocation.handle, "a view of other memory")
    return BufferView(
      device: view.device, owner: self, handle: view.handle, offset: view.offset,
      byteCount: view.byteCount)
  }

  /// Whether these bytes of the allocation lie within one registration, so that one copy may take them.
  fileprivate func isInOnePiece(_ range: Range<Int>) -> Bool {
    range.isEmpty || range.lowerBound / pieceByteCount == (range.upperBound - 1) / pieceByteCount
  }

  private static func register(
    _ pages: UnsafeMutableRawBufferPointer, in pieceByteCount: Int, with pinning: any HostPinning,
    _ budget: PinnedBudget?
  ) throws(DeviceError) {
    try budget?.take(pages.count)
    let pieces = pages.pieces(of: pieceByteCount)
    for (index, piece) in pieces.enumerated() {
      do throws(DeviceError) {
        try pinning.register(piece)
      } catch {
        for piece in pieces[..<index] { pinning.unregister(piece) }
        budget?.giveBack(pages.count)
        throw error
      }
    }
  }
}

extension BufferView {
  /// Whether the memory is registered with a driver.
  package var isPinned: Bool { owner is PinnedHostMemory }

  /// Whether it is, and one copy may take all of these bytes.
  package var isPinnedInOnePiece: Bool {
    (owner as? PinnedHostMemory)?.isInOnePiece(offset..<offset + byteCount) ?? false
  }
}

extension Allocation {
  /// The whole pages of host memory.
  fileprivate var pages: UnsafeMutableRawBufferPointer {
    precondition(context.device == .cpu, "only host memory is registered")
    return UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: handle.rawValue),
      count: PageSize.rounding(byteCount))
  }
}

extension UnsafeMutableRawBufferPointer {
  fileprivate func pieces(of byteCount: Int) -> [UnsafeMutableRawBufferPointer] {
    stride(from: 0, to: count, by: byteCount).map {
      UnsafeMutableRawBufferPointer(rebasing: self[$0..<Swift.min($0 + byteCount, count)])
    }
  }
}
