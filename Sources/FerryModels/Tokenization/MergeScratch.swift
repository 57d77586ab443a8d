/// Two neighbours that may become one token.
struct PairMerge {
  /// The lowest is merged first.
  var rank: UInt32
  /// The token they become.
  var id: Int32
}

/// The symbols of one word while they are merged: a list whose links are positions, and a heap of the
/// pairs that may merge. n symbols take O(n log n), however long the word.
struct MergeScratch {
  /// The token of each symbol; -1: text that is no token.
  private(set) var ids: [Int32] = []
  /// Where each symbol begins in its word, with the end of the word as the last.
  private(set) var starts: [Int] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  /// What the symbol at a position and the one after it would become; `UInt32.max`: nothing.
  private var ranks: [UInt32] = []
  private var merged: [Int32] = []
  /// Rank and position of candidates, as one number that sorts by rank, then from the left. An entry
  /// is stale once its position's rank has changed.
  private var heap = LowestFirstHeap()

  mutating func removeAll() {
    ids.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
  }

  mutating func append(_ id: Int32, start: Int) {
    ids.append(id)
    starts.append(start)
  }

  /// Merges until no pair is left. `end` is where the last symbol ends; `rule` gives the merge of two
  /// neighbours from their tokens and the range that their text takes.
  mutating func merge(
    end: Int, rule: (_ left: Int32, _ right: Int32, _ range: Range<Int>) -> PairMerge?
  ) {
    guard ids.count > 1 else { return }
    link()
    for position in 0..<(ids.count - 1) { offer(position, end: end, rule: rule) }
    while let best = heap.popLowest() {
      let position = Int(best & 0xffff_ffff)
      guard ranks[position] == UInt32(best >> 32) else { continue }
      join(position)
      offer(position, end: end, rule: rule)
      if previous[position] >= 0 { offer(Int(previous[position]), end: end, rule: rule) }
    }
  }

  /// Calls `body` with each symbol that is left: its token and where it begins.
  func forEach(_ body: (_ id: Int32, _ start: Int, _ end: Int) -> Void, end: Int) {
    guard ids.count > 1 else {
      if let id = ids.first { body(id, starts[0], end) }
      return
    }
    var position = 0
    while position >= 0 {
      let following = Int(next[position])
      body(ids[position], starts[position], following < 0 ? end : starts[following])
      position = following
    }
  }

  private mutating func link() {
    let count = ids.count
    next.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    for position in 0..<count {
      next.append(position + 1 < count ? Int32(position + 1) : -1)
      previous.append(Int32(position - 1))
    }
    ranks.removeAll(keepingCapacity: true)
    ranks.append(contentsOf: repeatElement(.max, count: count))
    merged.removeAll(keepingCapacity: true)
    merged.append(contentsOf: repeatElement(-1, count: count))
    heap.removeAll()
  }

  private mutating func offer(
    _ position: Int, end: Int, rule: (Int32, Int32, Range<Int>) -> PairMerge?
  ) {
    ranks[position] = .max
    let right = Int(next[position])
    guard right >= 0 else { return }
    let following = Int(next[right])
    let range = starts[position]..<(following < 0 ? end : starts[following])
    guard let merge = rule(ids[position], ids[right], range) else { return }
    ranks[position] = merge.rank
    merged[position] = merge.id
    heap.push(UInt64(merge.rank) << 32 | UInt64(position))
  }

  private mutating func join(_ position: Int) {
    let right = Int(next[position])
    ids[position] = merged[position]
    ranks[right] = .max
    next[position] = next[right]
    if next[right] >= 0 { previous[Int(next[right])] = Int32(position) }
  }
}
