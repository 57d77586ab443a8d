/// The requests that somebody announced, as a declared workflow does, and how far they are.
package struct DeclaredRequests: Sendable {
  /// Where in the sequence each model is asked for, ascending.
  private var places: [Int: [Int]] = [:]
  /// How many of the requests were made.
  package private(set) var passed = 0
  /// Those that will not come, and were not passed.
  private var withdrawn: [Range<Int>] = []
  /// How many were announced.
  package private(set) var count = 0

  /// Nothing is known of the future.
  package init() {}

  /// The models that will be asked for, in this order.
  package init(_ models: some Sequence<Int>) { append(models) }

  /// Announces more, behind what was announced.
  package mutating func append(_ models: some Sequence<Int>) {
    for model in models {
      places[model, default: []].append(count)
      count += 1
    }
  }

  /// `model` is gone, and its number is free for another.
  package mutating func forget(_ model: Int) { places[model] = nil }

  /// What was announced at these places will not come.
  package mutating func forget(_ range: Range<Int>) {
    for model in places.keys { places[model]?.removeAll { range.contains($0) } }
    withdrawn.append(range)
    skipWithdrawn()
  }

  private mutating func skipWithdrawn() {
    while let index = withdrawn.firstIndex(where: { $0.contains(passed) }) {
      passed = withdrawn.remove(at: index).upperBound
    }
    withdrawn.removeAll { $0.upperBound <= passed }
  }

  /// The next announced request was made, or the last of so many, the others of which never come.
  package mutating func advance(by steps: Int = 1) {
    passed = min(passed + steps, count)
    skipWithdrawn()
  }

  /// How many requests come before the next one for `model`; nil where none is announced.
  package func distance(to model: Int) -> Int? {
    guard let places = places[model] else { return nil }
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] < passed { low = middle + 1 } else { high = middle }
    }
    return low < places.count ? places[low] - passed : nil
  }
}
