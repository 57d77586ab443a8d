import CDrivers
import FerryDevices

/// Addresses of the driver's virtual memory management.
struct CUDAReservations: AddressReservations {
  let granularity: Int
  private let context: CUDAContext

  /// One physical allocation is at most so large: few are fast to map, and a device whose memory is
  /// in pieces still has them.
  private static let largestPiece = 256 << 20

  /// nil where the driver has none.
  init?(_ context: CUDAContext) {
    var granularity = 0
    var properties = Self.properties(context.ordinal)
    // CU_MEM_ALLOC_GRANULARITY_RECOMMENDED
    let status = context.library.call.MemGetAllocationGranularity(&granularity, &properties, 1)
    guard status == 0, granularity > 0, Self.largestPiece % granularity == 0 else { return nil }
    self.granularity = granularity
    self.context = context
  }

  func reserve(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    precondition(byteCount > 0 && byteCount % granularity == 0, "whole pieces are reserved")
    var address: CUdeviceptr = 0
    try context.run(.allocation) { $0.MemAddressReserve(&address, byteCount, 0, 0, 0) }
    return DeviceHandle(rawValue: UInt(address))
  }

  func commit(_ handle: DeviceHandle, byteCount: Int) throws(DeviceError) {
    let pieces = self.pieces(handle, byteCount)
    try context.run(.allocation) { call in
      for (index, piece) in pieces.enumerated() {
        let status = map(piece, call)
        guard status == 0 else { return unmap(pieces[..<index], call, because: status) }
      }
      let status = context.mappings.open(handle.address, byteCount, call)
      return status == 0 ? 0 : unmap(pieces[...], call, because: status)
    }
  }

  func decommit(_ handle: DeviceHandle, byteCount: Int) {
    let pieces = self.pieces(handle, byteCount)
    context.mappings.close(handle.address)
    context.release("mapped memory") { unmap(pieces[...], $0, because: 0) }
  }

  func release(_ handle: DeviceHandle, byteCount: Int) {
    context.release("addresses") { $0.MemAddressFree(handle.address, byteCount) }
  }

  /// Puts one physical allocation behind a piece; the mapping alone keeps it.
  private func map(_ piece: Piece, _ call: ferry_cuda) -> CUresult {
    var memory: CUmemGenericAllocationHandle = 0
    var properties = Self.properties(context.ordinal)
    let created = call.MemCreate(&memory, piece.byteCount, &properties, 0)
    guard created == 0 else { return created }
    let mapped = call.MemMap(piece.address, piece.byteCount, 0, memory, 0)
    let released = call.MemRelease(memory)
    guard mapped == 0 && released != 0 else { return mapped }
    return unmap([piece], call, because: released)
  }

  /// Unmaps all pieces, whatever fails; returns `reason`, or else the first failure.
  private func unmap(_ pieces: ArraySlice<Piece>, _ call: ferry_cuda, because reason: CUresult)
    -> CUresult
  {
    pieces.reduce(reason) { reason, piece in
      let status = call.MemUnmap(piece.address, piece.byteCount)
      return reason == 0 ? status : reason
    }
  }

  private struct Piece {
    let address: CUdeviceptr
    let byteCount: Int
  }

  /// What is mapped, and so unmapped, as a whole.
  private func pieces(_ handle: DeviceHandle, _ byteCount: Int) -> [Piece] {
    stride(from: 0, to: byteCount, by: Self.largestPiece).map { start in
      Piece(
        address: handle.address + CUdeviceptr(start),
        byteCount: min(Self.largestPiece, byteCount - start))
    }
  }

  /// `CU_MEM_ALLOCATION_TYPE_PINNED`: memory of the device.
  private static func properties(_ device: CUdevice) -> ferry_cuda_allocation_properties {
    var properties = ferry_cuda_allocation_properties()
    properties.type = 1
    properties.location = ferry_cuda_location(device: device)
    return properties
  }
}
