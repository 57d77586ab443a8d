package import CDrivers

// The driver, devices and contexts.

@c(cuInit) package func initialize(_ flags: UInt32) -> CUresult {
  driver.Init(flags)
}

@c(cuDriverGetVersion) package func driverGetVersion(_ version: UnsafeMutablePointer<Int32>?)
  -> CUresult
{
  driver.DriverGetVersion(version)
}

@c(cuDeviceGetCount) package func deviceGetCount(_ count: UnsafeMutablePointer<Int32>?) -> CUresult
{
  driver.DeviceGetCount(count)
}

@c(cuDeviceGet) package func deviceGet(_ device: UnsafeMutablePointer<CUdevice>?, _ ordinal: Int32)
  -> CUresult
{
  driver.DeviceGet(device, ordinal)
}

@c(cuDeviceGetName) package func deviceGetName(
  _ name: UnsafeMutablePointer<CChar>?, _ count: Int32, _ device: CUdevice
) -> CUresult {
  driver.DeviceGetName(name, count, device)
}

@c(cuDeviceGetAttribute) package func deviceGetAttribute(
  _ value: UnsafeMutablePointer<Int32>?, _ attribute: Int32, _ device: CUdevice
) -> CUresult {
  driver.DeviceGetAttribute(value, attribute, device)
}

@c(cuDeviceTotalMem_v2) package func deviceTotalMem(
  _ byteCount: UnsafeMutablePointer<Int>?, _ device: CUdevice
) -> CUresult {
  driver.DeviceTotalMem(byteCount, device)
}

@c(cuDeviceGetPCIBusId) package func deviceGetPCIBusId(
  _ text: UnsafeMutablePointer<CChar>?, _ count: Int32, _ device: CUdevice
) -> CUresult {
  driver.DeviceGetPCIBusId(text, count, device)
}

@c(cuDeviceCanAccessPeer) package func deviceCanAccessPeer(
  _ answer: UnsafeMutablePointer<Int32>?, _ device: CUdevice, _ peer: CUdevice
) -> CUresult {
  driver.DeviceCanAccessPeer(answer, device, peer)
}

@c(cuDevicePrimaryCtxRetain) package func devicePrimaryCtxRetain(
  _ context: UnsafeMutablePointer<CUcontext?>?, _ device: CUdevice
) -> CUresult {
  driver.DevicePrimaryCtxRetain(context, device)
}

@c(cuDevicePrimaryCtxRelease_v2) package func devicePrimaryCtxRelease(_ device: CUdevice)
  -> CUresult
{
  driver.DevicePrimaryCtxRelease(device)
}

@c(cuCtxPushCurrent_v2) package func ctxPushCurrent(_ context: CUcontext?) -> CUresult {
  driver.CtxPushCurrent(context)
}

@c(cuCtxPopCurrent_v2) package func ctxPopCurrent(_ context: UnsafeMutablePointer<CUcontext?>?)
  -> CUresult
{
  driver.CtxPopCurrent(context)
}

@c(cuCtxEnablePeerAccess) package func ctxEnablePeerAccess(_ context: CUcontext?, _ flags: UInt32)
  -> CUresult
{
  driver.CtxEnablePeerAccess(context, flags)
}
