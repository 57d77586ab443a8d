/// Which segments of a model are there.
struct PartialResidency: Sendable {
  private let segments: [Int]
  private var isResident: [Bool]
  /// The bytes that are there.
  private(set) var residentBytes = 0
  /// The bytes of all of them.
  let byteCount: Int

  init(segments: [Int]) {
    self.segments = segments
    self.isResident = Array(repeating: false, count: segments.count)
    self.byteCount = segments.reduce(0, +)
  }

  var missingBytes: Int { byteCount - residentBytes }

  /// The segments that are missing, in the order of the forward pass.
  var missing: [Int] { segments.indices.filter { !isResident[$0] } }

  /// The segments that are there.
  var resident: [Int] { segments.indices.filter { isResident[$0] } }

  /// As many of the first of these segments as `bytes` hold.
  func first(of numbers: [Int], within bytes: Int) -> [Int] {
    var rest = bytes
    return Array(
      numbers.prefix { segment in
        rest -= segments[segment]
        return rest >= 0
      })
  }

  /// The missing segments that are to be there where the model has so much room: all, or what a ring leaves.
  func wanted(within room: Int) -> [Int] {
    guard byteCount > room else { return missing }
    return ringPlan(within: room)?.kept.filter { !isResident[$0] } ?? []
  }

  /// How it runs in room that does not hold all of it; nil where it cannot.
  func ringPlan(within room: Int) -> RingPlan? {
    RingPlan(segments, room: room, resident: Set(resident))
  }

  /// The same; nil also where all of it fits.
  func ringPlan(ifNeededIn room: Int) -> RingPlan? {
    byteCount > room ? ringPlan(within: room) : nil
  }

  /// The smallest room in which it runs through a ring.
  var leastBytes: Int { RingPlan.leastBytes(segments) }

  /// The bytes of these segments.
  func bytes(of numbers: [Int]) -> Int { numbers.reduce(0) { $0 + segments[$1] } }

  mutating func bring(_ segment: Int) {
    precondition(!isResident[segment], "a segment comes once")
    isResident[segment] = true
    residentBytes += segments[segment]
  }

  /// Takes segments away that hold at least `bytes`, or all; which they were.
  ///
  /// From the end, for a pass needs the others first and computes while these come back; and at last one that is
  /// just large enough for the rest, alone or in exchange for one taken before, so that little more than asked for
  /// is lost.
  mutating func giveUp(atLeast bytes: Int) -> [Int] {
    var given: [Int] = []
    var lacking = bytes
    for segment in segments.indices.reversed() where isResident[segment] && lacking > 0 {
      guard segments[segment] <= lacking else { continue }
      remove(segment)
      given.append(segment)
      lacking -= segments[segment]
    }
    guard lacking > 0, let (last, returned) = tightest(lacking, given) else { return given }
    remove(last)
    given.append(last)
    if let returned {
      bring(returned)
      given.removeAll { $0 == returned }
    }
    return given
  }

  /// The resident segment, and the given one to return for it if any, that free the least above `bytes`.
  private func tightest(_ bytes: Int, _ given: [Int]) -> (last: Int, returned: Int?)? {
    var best: (last: Int, returned: Int?, gain: Int)?
    let returnable = lastOfEachSize(given)
    for last in lastOfEachSize(segments.indices.filter { isResident[$0] }) {
      for returned in [nil] + returnable.map(Optional.some) {
        let gain = segments[last] - (returned.map { segments[$0] } ?? 0)
        if gain >= bytes, gain < best?.gain ?? .max { best = (last, returned, gain) }
      }
    }
    return best.map { ($0.last, $0.returned) }
  }

  /// Keeps those of these given segments that `bytes` hold after all, the first of the pass first; which they were.
  mutating func keep(_ given: [Int], within bytes: Int) -> [Int] {
    var rest = bytes
    var kept: [Int] = []
    for segment in given.sorted() where segments[segment] <= rest {
      bring(segment)
      kept.append(segment)
      rest -= segments[segment]
    }
    return kept
  }

  /// Takes these segments away.
  mutating func giveUp(_ numbers: [Int]) { for segment in numbers { remove(segment) } }

  private func lastOfEachSize(_ numbers: [Int]) -> [Int] {
    let last = Dictionary(numbers.map { (segments[$0], $0) }, uniquingKeysWith: max)
    return last.values.sorted(by: >)
  }

  private mutating func remove(_ segment: Int) {
    precondition(isResident[segment], "a segment goes once")
    isResident[segment] = false
    residentBytes -= segments[segment]
  }
}
