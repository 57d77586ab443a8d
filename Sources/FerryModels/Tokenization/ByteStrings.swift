/// A list of byte strings in one flat buffer, searchable by content.
///
/// Vocabularies are compared byte for byte: `String` equality folds canonically equivalent text, and
/// a vocabulary may well hold "é" both composed and decomposed. One buffer instead of an array per
/// token keeps a vocabulary of 150,000 tokens at a few megabytes.
struct ByteStrings: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = [0]
  /// Open addressing with linear probing: the number of a string plus one; 0: free.
  private var slots: [UInt32]
  private let mask: Int

  /// Takes the strings in order. Of equal strings the first is the one found; an empty string is
  /// never found, it marks a number without text.
  init(_ strings: some Sequence<some Collection<UInt8>>, count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = [UInt32](repeating: 0, count: capacity)
    mask = capacity - 1
    ends.reserveCapacity(count + 1)
    for string in strings {
      bytes.append(contentsOf: string)
      ends.append(bytes.count)
    }
    for index in 0..<self.count where !self[index].isEmpty { insert(index) }
  }

  var count: Int { ends.count - 1 }

  subscript(index: Int) -> ArraySlice<UInt8> { bytes[ends[index]..<ends[index + 1]] }

  /// The number of the string with these bytes.
  func find(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
    let slot = slots[slotIndex(of: key)]
    return slot == 0 ? nil : Int(slot) - 1
  }

  /// The number of the string with these bytes.
  func find(_ key: some Collection<UInt8>) -> Int? {
    if let found = key.withContiguousStorageIfAvailable({ find($0) }) { return found }
    return Array(key).withUnsafeBufferPointer { find($0) }
  }

  private mutating func insert(_ index: Int) {
    let slot = self[index].withUnsafeBufferPointer { slotIndex(of: $0) }
    if slots[slot] == 0 { slots[slot] = UInt32(index + 1) }
  }

  /// The slot that holds this key, or the free one where it belongs.
  private func slotIndex(of key: UnsafeBufferPointer<UInt8>) -> Int {
    var slot = Self.hash(key) & mask
    while slots[slot] != 0, !equals(Int(slots[slot]) - 1, key) { slot = (slot + 1) & mask }
    return slot
  }

  private func equals(_ index: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = ends[index]
    guard ends[index + 1] - start == key.count else { return false }
    for offset in 0..<key.count where bytes[start + offset] != key[offset] { return false }
    return true
  }

  /// FNV-1a with the high half folded in, since only low bits choose the slot.
  private static func hash(_ key: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7fff_ffff)
  }
}
