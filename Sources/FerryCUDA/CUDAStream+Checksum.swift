import CDeviceKernels
import CDrivers
import FerryDevices

/// A piece of a range as the kernel reads it: four little-endian words.
private struct ChecksumChunk: BitwiseCopyable {
  /// Where it starts, in bytes after the memory that the kernel is given.
  var offset: UInt64
  /// Its size in bytes: whole words, but for the last of a range.
  var byteCount: UInt64
  /// The number of its first word in the range.
  var firstWord: UInt64
  /// The seed of the range.
  var seed: UInt64

  /// Small enough to spread over all threads, large enough for a table that is small beside the data.
  static let size = 64 << 10
  /// So many go to the device at once: 2 MiB of table for up to 4 GiB of data.
  static let batch = 1 << 16
}

extension CUDAStream {
  func checksum(_ ranges: [BufferView]) throws(DeviceError) -> UInt64 {
    for range in ranges { _ = try memory(range) }
    guard let data = ranges.min(by: { $0.handle.address < $1.handle.address }) else { return 0 }
    var total: UInt64 = 0
    var chunks: [ChecksumChunk] = []
    // All of a device's memory has addresses in one space: one table serves all ranges.
    for (index, range) in ranges.enumerated() {
      let start = CUDAMemory(range).start - data.handle.address
      let seed = Checksum.seed(ofRange: UInt64(index))
      total &+= Checksum.mix(seed ^ UInt64(range.byteCount))
      for piece in stride(from: 0, to: range.byteCount, by: ChecksumChunk.size) {
        chunks.append(
          ChecksumChunk(
            offset: start + UInt64(piece),
            byteCount: UInt64(min(ChecksumChunk.size, range.byteCount - piece)),
            firstWord: UInt64(piece / 8), seed: seed))
      }
    }
    guard !chunks.isEmpty else { return total }
    try refuseRecording("a checksum")
    return total &+ (try sum(chunks, of: data))
  }

  private func sum(_ chunks: [ChecksumChunk], of data: BufferView) throws(DeviceError) -> UInt64 {
    let program = KernelProgram(
      name: "checksum",
      source: ferry_kernel_source("checksum", nil).map { String(cString: $0) } ?? "")
    let kernel = try backend.kernel(named: "checksum", in: program)
    let width = min(256, backend.limits.maximumGroupSize)
    let largest = min(chunks.count, ChecksumChunk.batch)
    let groups = min(largest, max(1, backend.facts.processorCount) * 8)
    let scratch = try ChecksumScratch(backend, chunks: largest, partials: groups * width)
    let base = BufferView(
      device: data.device, owner: data.owner, handle: data.handle, offset: 0,
      byteCount: data.offset + data.byteCount)
    var total: UInt64 = 0
    for start in stride(from: 0, to: chunks.count, by: largest) {
      let batch = chunks[start..<min(start + largest, chunks.count)]
      total &+= try sum(batch, of: base, kernel, scratch, GridSize(groups), GridSize(width))
    }
    return total
  }

  private func sum(
    _ batch: ArraySlice<ChecksumChunk>, of data: BufferView, _ kernel: any DeviceKernel,
    _ scratch: ChecksumScratch, _ groups: GridSize, _ groupSize: GridSize
  ) throws(DeviceError) -> UInt64 {
    var partials = [UInt64](repeating: 0, count: groups.count * groupSize.count)
    var failure: DeviceError?
    batch.withUnsafeBytes { chunks in
      partials.withUnsafeMutableBytes { partials in
        // What the commands read and write must outlive them, failed or not: hence the wait.
        do throws(DeviceError) {
          defer { try? synchronize() }
          try upload(chunks, to: scratch.chunks[0, count: chunks.count])
          try launch(
            kernel, groups: groups, groupSize: groupSize,
            [
              .buffer(data), .buffer(scratch.chunks), .buffer(scratch.partials),
              .uint32(UInt32(batch.count)),
            ])
          try download(scratch.partials, to: partials)
          try synchronize()
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    return partials.reduce(0, &+)
  }
}

/// The memory that one checksum uses besides the data.
private final class ChecksumScratch: MemoryOwner {
  private let backend: CUDABackend
  private let handle: DeviceHandle
  private let counts: (Int, Int)

  init(_ backend: CUDABackend, chunks: Int, partials: Int) throws(DeviceError) {
    self.backend = backend
    counts = (chunks * MemoryLayout<ChecksumChunk>.stride, partials * 8)
    handle = try backend.allocate(byteCount: counts.0 + counts.1)
  }

  /// Nothing is queued any more that uses it.
  deinit { backend.free(handle, byteCount: counts.0 + counts.1) }

  var chunks: BufferView { view(0, counts.0) }
  var partials: BufferView { view(counts.0, counts.1) }

  private func view(_ offset: Int, _ count: Int) -> BufferView {
    BufferView(
      device: backend.device, owner: self, handle: handle, offset: offset, byteCount: count)
  }
}
