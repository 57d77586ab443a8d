import FerryDevices

extension DoubleKernels {
  /// What devices do for themselves.
  static let primitives = [DoubleKernel("checksum", of: "checksum", "bbbu", checksum)]

  /// Words of chunks, mixed and summed; the first thread's sum is all of it.
  private static func checksum(_ run: KernelRun) throws {
    let (data, table, partials) = (try run.buffer(), try run.buffer(), try run.buffer())
    let count = try run.count()
    let words = try table.elements(4 * count, of: UInt64.self)
    var total: UInt64 = 0
    for chunk in stride(from: 0, to: words.count, by: 4) {
      let start = DeviceAddress(data.address.rawValue &+ words[chunk])
      let bytes = try KernelBuffer(address: start, run: run).bytes(Int(words[chunk + 1]))
      total &+= sum(bytes, from: words[chunk + 3] &+ words[chunk + 2] &+ 1)
    }
    let sums = try partials.elements(run.groups.x * run.groupSize.x, of: UInt64.self)
    sums.update(repeating: 0)
    sums[0] = total
  }

  private static func sum(_ bytes: UnsafeMutableRawBufferPointer, from first: UInt64) -> UInt64 {
    var total: UInt64 = 0
    for start in stride(from: 0, to: bytes.count, by: 8) {
      var word: UInt64 = 0
      for place in start..<min(start + 8, bytes.count) {
        word |= UInt64(bytes[place]) << UInt64(8 * (place - start))
      }
      total &+= Checksum.mix(word ^ Checksum.mix(first &+ UInt64(start / 8)))
    }
    return total
  }
}
