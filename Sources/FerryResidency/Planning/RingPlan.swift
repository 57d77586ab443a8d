/// How a model runs in room that does not hold it: some pages stay, and the others go through a ring of equal slots.
package struct RingPlan: Hashable, Sendable {
  /// A ring: device memory that absent pages share.
  package struct Room: Hashable, Sendable {
    /// The bytes of a slot: those of the largest page that goes through.
    package let slotBytes: Int
    /// How many there are.
    package let slotCount: Int

    /// The bytes of all slots.
    package var byteCount: Int { slotBytes * slotCount }

    /// A ring of so many slots.
    package init(slotBytes: Int, slotCount: Int) {
      (self.slotBytes, self.slotCount) = (slotBytes, slotCount)
    }
  }

  /// The pages that stay, ascending.
  package let kept: [Int]
  /// Their bytes.
  package let keptBytes: Int
  /// What the others go through.
  package let ring: Room

  /// A page that is used, one that arrives, and one whose last use is still queued.
  private static let slotCount = 3

  /// The plan by which a pass streams the fewest bytes; nil where `room` holds none.
  ///
  /// Slots are as large as the largest page that goes through, so that a few large pages (an embedding, a head) are
  /// kept rather than streamed. Of pages that may be kept, those that are there come first, and then the first of the
  /// pass.
  ///
  /// - Parameters:
  ///   - pages: The device bytes of the pages, in the order of the pass.
  ///   - room: The bytes for both.
  ///   - resident: The pages that are there.
  package init?(_ pages: [Int], room: Int, resident: Set<Int> = []) {
    let order = pages.indices.sorted {
      (resident.contains($0) ? 0 : 1, $0) < (resident.contains($1) ? 0 : 1, $1)
    }
    let plans = Set(pages).compactMap { Self(pages, room: room, order: order, slotBytes: $0) }
    let best = plans.max {
      ($0.keptBytes, $1.ring.slotBytes) < ($1.keptBytes, $0.ring.slotBytes)
    }
    guard let best else { return nil }
    self = best
  }

  /// The same where no page above `slotBytes` goes through.
  private init?(_ pages: [Int], room: Int, order: [Int], slotBytes: Int) {
    var rest = room - Self.leastBytes(pages, slotBytes: slotBytes)
    guard rest >= 0 else { return nil }
    var kept = Set(pages.indices.filter { pages[$0] > slotBytes })
    for page in order where pages[page] <= slotBytes && pages[page] <= rest {
      kept.insert(page)
      rest -= pages[page]
    }
    self.kept = kept.sorted()
    keptBytes = kept.reduce(0) { $0 + pages[$1] }
    let largest = pages.indices.filter { !kept.contains($0) }.map { pages[$0] }.max()
    ring = Room(slotBytes: largest ?? 0, slotCount: Self.slotCount)
  }

  /// The smallest room in which a model of these pages runs, all of it there or not.
  package static func leastBytes(_ pages: [Int]) -> Int {
    Set(pages).map { leastBytes(pages, slotBytes: $0) }.min() ?? 0
  }

  private static func leastBytes(_ pages: [Int], slotBytes: Int) -> Int {
    let kept = pages.filter { $0 > slotBytes }
    return kept.reduce(0, +) + slotBytes * min(slotCount, pages.count - kept.count)
  }
}
