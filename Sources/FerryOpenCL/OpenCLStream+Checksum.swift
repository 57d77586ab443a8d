import CDeviceKernels
import CDrivers
import FerryDevices

extension OpenCLStream {
  func checksum(_ ranges: [BufferView]) throws(DeviceError) -> UInt64 {
    var total: UInt64 = 0
    var tables = ChecksumTables()
    for (index, range) in ranges.enumerated() {
      _ = try buffer(range)
      let seed = Checksum.seed(ofRange: UInt64(index))
      total &+= Checksum.mix(seed ^ UInt64(range.byteCount))
      tables.append(range, seed: seed)
    }
    for table in tables.tables { total &+= try sum(table) }
    return total
  }

  private func sum(_ table: ChecksumTable) throws(DeviceError) -> UInt64 {
    let program = KernelProgram(
      name: "checksum",
      source: ferry_kernel_source("checksum", nil).map { String(cString: $0) } ?? "")
    let kernel = try backend.kernel(named: "checksum", in: program)
    // Few long loops suit a processor; many threads side by side suit everything else.
    let width = backend.info.isProcessor ? 1 : min(128, backend.limits.maximumGroupSize)
    let groups = min(table.largestBatch, backend.info.computeUnits * (width == 1 ? 4 : 8))
    let scratch = try ChecksumScratch(
      backend, chunks: table.largestBatch, partials: groups * width)
    var total: UInt64 = 0
    for batch in table.batches {
      total &+= try sum(batch, of: table.data, kernel, scratch, GridSize(groups), GridSize(width))
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
          defer { _ = backend.library.call.Finish(queue.pointer) }
          try upload(chunks, to: scratch.chunks[0, count: chunks.count])
          try launch(
            kernel, groups: groups, groupSize: groupSize,
            [
              .buffer(data), .buffer(scratch.chunks), .buffer(scratch.partials),
              .uint32(UInt32(batch.count)),
            ])
          try download(scratch.partials, to: partials)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    if let failure = (try record() as? OpenCLEvent)?.failure { throw failure }
    return partials.reduce(0, &+)
  }
}

/// The memory that one checksum uses besides the data.
private final class ChecksumScratch: MemoryOwner {
  private let backend: OpenCLBackend
  private let buffers: (OpenCLObject, OpenCLObject)
  private let counts: (Int, Int)

  init(_ backend: OpenCLBackend, chunks: Int, partials: Int) throws(DeviceError) {
    self.backend = backend
    counts = (chunks * MemoryLayout<ChecksumChunk>.stride, partials * 8)
    let first = try backend.makeBuffer(counts.0)
    do throws(DeviceError) {
      buffers = (first, try backend.makeBuffer(counts.1))
    } catch {
      _ = backend.library.call.ReleaseMemObject(first.pointer)
      throw error
    }
  }

  deinit {
    _ = backend.library.call.ReleaseMemObject(buffers.0.pointer)
    _ = backend.library.call.ReleaseMemObject(buffers.1.pointer)
  }

  var chunks: BufferView { view(buffers.0, counts.0) }
  var partials: BufferView { view(buffers.1, counts.1) }

  private func view(_ buffer: OpenCLObject, _ count: Int) -> BufferView {
    BufferView(
      device: backend.device, owner: self,
      handle: DeviceHandle(rawValue: UInt(bitPattern: buffer.pointer)), offset: 0,
      byteCount: count)
  }
}
