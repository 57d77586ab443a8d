extension [Figure] {
  /// One figure of each name, the best: the same work was measured in several rounds.
  var bestOfEach: [Figure] {
    best(by: \.name) { new, old in
      guard let value = new.value else { return false }
      guard let other = old.value else { return true }
      if let mine = new.seconds, let theirs = old.seconds { return mine < theirs }
      return new.direction == .atLeast ? value > other : value < other
    }
  }
}

extension [PeerReport.Entry] {
  /// One entry of each name and peer, the best.
  var bestOfEach: [PeerReport.Entry] {
    best(by: { "\($0.name)\n\($0.peer)" }) { new, old in
      if let mine = new.seconds, let theirs = old.seconds { return mine < theirs }
      guard let mine = new.value, let theirs = old.value else { return false }
      return mine > theirs
    }
  }
}

extension Array {
  /// One element of each key, in the order in which keys appear.
  fileprivate func best(
    by key: (Element) -> String, _ isBetter: (_ new: Element, _ old: Element) -> Bool
  ) -> [Element] {
    var places: [String: Int] = [:]
    var result: [Element] = []
    for element in self {
      if let place = places[key(element)] {
        if isBetter(element, result[place]) { result[place] = element }
      } else {
        places[key(element)] = result.count
        result.append(element)
      }
    }
    return result
  }
}
