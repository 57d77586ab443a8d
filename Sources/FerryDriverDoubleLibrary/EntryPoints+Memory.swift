package import CDrivers

// Memory and copies.

@c(cuMemGetInfo_v2) package func memGetInfo(
  _ free: UnsafeMutablePointer<Int>?, _ total: UnsafeMutablePointer<Int>?
) -> CUresult {
  driver.MemGetInfo(free, total)
}

@c(cuMemAlloc_v2) package func memAlloc(
  _ address: UnsafeMutablePointer<CUdeviceptr>?, _ byteCount: Int
) -> CUresult {
  driver.MemAlloc(address, byteCount)
}

@c(cuMemFree_v2) package func memFree(_ address: CUdeviceptr) -> CUresult {
  driver.MemFree(address)
}

@c(cuMemHostRegister_v2) package func memHostRegister(
  _ start: UnsafeMutableRawPointer?, _ byteCount: Int, _ flags: UInt32
) -> CUresult {
  driver.MemHostRegister(start, byteCount, flags)
}

@c(cuMemHostUnregister) package func memHostUnregister(_ start: UnsafeMutableRawPointer?)
  -> CUresult
{
  driver.MemHostUnregister(start)
}

@c(cuMemcpyHtoDAsync_v2) package func memcpyHtoDAsync(
  _ target: CUdeviceptr, _ source: UnsafeRawPointer?, _ byteCount: Int, _ stream: CUstream?
) -> CUresult {
  driver.MemcpyHtoDAsync(target, source, byteCount, stream)
}

@c(cuMemcpyDtoHAsync_v2) package func memcpyDtoHAsync(
  _ target: UnsafeMutableRawPointer?, _ source: CUdeviceptr, _ byteCount: Int, _ stream: CUstream?
) -> CUresult {
  driver.MemcpyDtoHAsync(target, source, byteCount, stream)
}

@c(cuMemcpyDtoDAsync_v2) package func memcpyDtoDAsync(
  _ target: CUdeviceptr, _ source: CUdeviceptr, _ byteCount: Int, _ stream: CUstream?
) -> CUresult {
  driver.MemcpyDtoDAsync(target, source, byteCount, stream)
}

@c(cuMemcpyPeerAsync) package func memcpyPeerAsync(
  _ target: CUdeviceptr, _ taker: CUcontext?, _ source: CUdeviceptr, _ giver: CUcontext?,
  _ byteCount: Int, _ stream: CUstream?
) -> CUresult {
  driver.MemcpyPeerAsync(target, taker, source, giver, byteCount, stream)
}

@c(cuMemsetD8Async) package func memsetD8Async(
  _ address: CUdeviceptr, _ byte: UInt8, _ byteCount: Int, _ stream: CUstream?
) -> CUresult {
  driver.MemsetD8Async(address, byte, byteCount, stream)
}

@c(cuMemAddressReserve) package func memAddressReserve(
  _ address: UnsafeMutablePointer<CUdeviceptr>?, _ byteCount: Int, _ alignment: Int,
  _ hint: CUdeviceptr, _ flags: UInt64
) -> CUresult {
  driver.MemAddressReserve(address, byteCount, alignment, hint, flags)
}

@c(cuMemAddressFree) package func memAddressFree(_ address: CUdeviceptr, _ byteCount: Int)
  -> CUresult
{
  driver.MemAddressFree(address, byteCount)
}

@c(cuMemCreate) package func memCreate(
  _ handle: UnsafeMutablePointer<CUmemGenericAllocationHandle>?, _ byteCount: Int,
  _ properties: UnsafePointer<ferry_cuda_allocation_properties>?, _ flags: UInt64
) -> CUresult {
  driver.MemCreate(handle, byteCount, properties, flags)
}

@c(cuMemRelease) package func memRelease(_ handle: CUmemGenericAllocationHandle) -> CUresult {
  driver.MemRelease(handle)
}

@c(cuMemMap) package func memMap(
  _ address: CUdeviceptr, _ byteCount: Int, _ offset: Int, _ handle: CUmemGenericAllocationHandle,
  _ flags: UInt64
) -> CUresult {
  driver.MemMap(address, byteCount, offset, handle, flags)
}

@c(cuMemUnmap) package func memUnmap(_ address: CUdeviceptr, _ byteCount: Int) -> CUresult {
  driver.MemUnmap(address, byteCount)
}

@c(cuMemSetAccess) package func memSetAccess(
  _ address: CUdeviceptr, _ byteCount: Int, _ accesses: UnsafePointer<ferry_cuda_access>?,
  _ count: Int
) -> CUresult {
  driver.MemSetAccess(address, byteCount, accesses, count)
}

@c(cuMemGetAllocationGranularity) package func memGetAllocationGranularity(
  _ byteCount: UnsafeMutablePointer<Int>?,
  _ properties: UnsafePointer<ferry_cuda_allocation_properties>?, _ option: Int32
) -> CUresult {
  driver.MemGetAllocationGranularity(byteCount, properties, option)
}
