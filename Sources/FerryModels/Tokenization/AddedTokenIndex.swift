/// An index that finds the occurrences of a list of byte strings in a text in a single pass, whatever their number and
/// contents.
///
/// It is an Aho-Corasick automaton over the reversed strings (A. V. Aho and M. J. Corasick, "Efficient string
/// matching", 1975, doi:10.1145/360825.360855) that reads the text backward. After each byte, its state is the longest
/// reversed prefix that matches there, which determines the longest string that begins at that position. Each byte
/// takes one step forward; in total, there are no more fallback steps than bytes.
struct AddedTokenIndex: Sendable {
  /// The number of the longest string that begins at the current position in each state; -1 if there is none.
  private var found: [Int32] = [-1]
  /// The state to continue from when a state has no transition for a byte.
  private var fallback: [Int32] = [0]
  private var steps: StepTable
  /// The states after the last byte of a string, where matching begins: most bytes of a text have no transition from
  /// the start.
  private var first = [Int32](repeating: 0, count: 256)

  /// Creates an index of strings. Of equal strings, the first is found; empty strings are never found.
  init(_ strings: [[UInt8]]) {
    steps = StepTable(capacity: strings.reduce(0) { $0 + $1.count })
    var origins = [Origin(state: 0, byte: 0, length: 0)]
    for (number, string) in strings.enumerated() where !string.isEmpty {
      insert(string, number, &origins)
    }
    link(origins)
  }

  /// Returns the positions where strings begin, from last to first, each with the longest string that begins there.
  func matches(in text: UnsafeBufferPointer<UInt8>) -> [(start: Int, string: Int)] {
    guard found.count > 1 else { return [] }
    var matches: [(start: Int, string: Int)] = []
    var state: Int32 = 0
    for position in text.indices.reversed() {
      state = state == 0 ? first[Int(text[position])] : step(from: state, text[position])
      let string = found[Int(state)]
      if string >= 0 { matches.append((position, Int(string))) }
    }
    return matches
  }

  private func step(from state: Int32, _ byte: UInt8) -> Int32 {
    var state = state
    while state != 0 {
      if let next = steps.next(state, byte) { return next }
      state = fallback[Int(state)]
    }
    return first[Int(byte)]
  }

  private mutating func insert(_ string: [UInt8], _ number: Int, _ origins: inout [Origin]) {
    var state: Int32 = 0
    for byte in string.reversed() {
      if let next = child(of: state, byte) {
        state = next
        continue
      }
      let next = Int32(found.count)
      found.append(-1)
      fallback.append(0)
      origins.append(Origin(state: state, byte: byte, length: origins[Int(state)].length + 1))
      if state == 0 { first[Int(byte)] = next } else { steps.insert(state, byte, next) }
      state = next
    }
    if found[Int(state)] < 0 { found[Int(state)] = Int32(number) }
  }

  private func child(of state: Int32, _ byte: UInt8) -> Int32? {
    if state > 0 { return steps.next(state, byte) }
    return first[Int(byte)] > 0 ? first[Int(byte)] : nil
  }

  /// Computes the fallback of each state, the longest other state that is a suffix of it, in order of length. A state's
  /// own string is longer than its fallback's.
  private mutating func link(_ origins: [Origin]) {
    for state in Self.byLength(origins) {
      let origin = origins[state]
      guard origin.length > 1 else { continue }
      let other = step(from: fallback[Int(origin.state)], origin.byte)
      fallback[state] = other
      if found[state] < 0 { found[state] = found[Int(other)] }
    }
  }

  /// Returns the states ordered by length.
  private static func byLength(_ origins: [Origin]) -> [Int] {
    var places = [Int](repeating: 0, count: origins.reduce(0) { max($0, $1.length) } + 2)
    for origin in origins { places[origin.length + 1] += 1 }
    for length in places.indices.dropFirst() { places[length] += places[length - 1] }
    var states = [Int](repeating: 0, count: origins.count)
    for (state, origin) in origins.enumerated() {
      states[places[origin.length]] = state
      places[origin.length] += 1
    }
    return states
  }

  /// The transition that leads to a state: the previous state, the byte, and the total number of bytes.
  private struct Origin {
    let state: Int32
    let byte: UInt8
    let length: Int
  }
}

/// The transitions of the automaton: a hash table with linear probing.
private struct StepTable: Sendable {
  /// State and byte; 0 marks a free slot. No transition in the table starts at state 0.
  private var keys: [UInt64]
  private var states: [Int32]
  private let mask: Int

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    states = [Int32](repeating: 0, count: size)
    mask = size - 1
  }

  func next(_ state: Int32, _ byte: UInt8) -> Int32? {
    let slot = slot(of: Self.key(state, byte))
    return keys[slot] == 0 ? nil : states[slot]
  }

  mutating func insert(_ state: Int32, _ byte: UInt8, _ next: Int32) {
    let key = Self.key(state, byte)
    let slot = slot(of: key)
    keys[slot] = key
    states[slot] = next
  }

  private static func key(_ state: Int32, _ byte: UInt8) -> UInt64 {
    UInt64(UInt32(bitPattern: state)) << 8 | UInt64(byte)
  }

  /// Returns the slot that contains this key, or the free slot where it belongs.
  private func slot(of key: UInt64) -> Int {
    var slot = Int((key &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
    while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }
}
