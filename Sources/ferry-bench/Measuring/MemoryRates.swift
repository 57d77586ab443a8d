/// What memory does at most, in bytes a second.
struct MemoryRates {
  /// Of reading alone.
  let readRate: Double
  /// Of writing alone.
  let fillRate: Double
  /// Of a copy, bytes read and bytes written together.
  let copyRate: Double

  /// The higher of each.
  func best(_ other: MemoryRates) -> MemoryRates {
    MemoryRates(
      readRate: max(readRate, other.readRate), fillRate: max(fillRate, other.fillRate),
      copyRate: max(copyRate, other.copyRate))
  }

  /// What part of `seconds` the reads or the writes of a run take alone, whichever take longer.
  func bound(reading read: Int, writing written: Int, in seconds: Double) -> String {
    let reads = Double(read) / readRate, writes = Double(written) / fillRate
    let (part, what, rate) =
      reads > writes ? (reads, "reading", readRate) : (writes, "writing", fillRate)
    return "\(what) alone, at \((rate / 1e9).short) GB/s, is \((part / seconds).short) of it"
  }
}
