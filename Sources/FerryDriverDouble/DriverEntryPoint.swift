/// The entry points of the driver's table, by their C names without `cu`.
package enum DriverEntryPoint: String, CaseIterable, Sendable {
  case initialize = "Init"
  case driverGetVersion = "DriverGetVersion"
  case deviceGetCount = "DeviceGetCount"
  case deviceGet = "DeviceGet"
  case deviceGetName = "DeviceGetName"
  case deviceGetAttribute = "DeviceGetAttribute"
  case deviceTotalMem = "DeviceTotalMem"
  case deviceGetPCIBusId = "DeviceGetPCIBusId"
  case deviceCanAccessPeer = "DeviceCanAccessPeer"
  case devicePrimaryCtxRetain = "DevicePrimaryCtxRetain"
  case devicePrimaryCtxRelease = "DevicePrimaryCtxRelease"
  case ctxPushCurrent = "CtxPushCurrent"
  case ctxPopCurrent = "CtxPopCurrent"
  case ctxEnablePeerAccess = "CtxEnablePeerAccess"
  case memGetInfo = "MemGetInfo"
  case memAlloc = "MemAlloc"
  case memFree = "MemFree"
  case memHostRegister = "MemHostRegister"
  case memHostUnregister = "MemHostUnregister"
  case memcpyHtoDAsync = "MemcpyHtoDAsync"
  case memcpyDtoHAsync = "MemcpyDtoHAsync"
  case memcpyDtoDAsync = "MemcpyDtoDAsync"
  case memcpyPeerAsync = "MemcpyPeerAsync"
  case memsetD8Async = "MemsetD8Async"
  case memAddressReserve = "MemAddressReserve"
  case memAddressFree = "MemAddressFree"
  case memCreate = "MemCreate"
  case memRelease = "MemRelease"
  case memMap = "MemMap"
  case memUnmap = "MemUnmap"
  case memSetAccess = "MemSetAccess"
  case memGetAllocationGranularity = "MemGetAllocationGranularity"
  case streamCreateWithPriority = "StreamCreateWithPriority"
  case streamDestroy = "StreamDestroy"
  case streamSynchronize = "StreamSynchronize"
  case streamWaitEvent = "StreamWaitEvent"
  case streamBeginCapture = "StreamBeginCapture"
  case streamEndCapture = "StreamEndCapture"
  case eventCreate = "EventCreate"
  case eventDestroy = "EventDestroy"
  case eventRecord = "EventRecord"
  case eventQuery = "EventQuery"
  case eventSynchronize = "EventSynchronize"
  case graphInstantiate = "GraphInstantiate"
  case graphLaunch = "GraphLaunch"
  case graphExecDestroy = "GraphExecDestroy"
  case graphDestroy = "GraphDestroy"
  case moduleLoadDataEx = "ModuleLoadDataEx"
  case moduleUnload = "ModuleUnload"
  case moduleGetFunction = "ModuleGetFunction"
  case funcGetAttribute = "FuncGetAttribute"
  case funcGetParamInfo = "FuncGetParamInfo"
  case launchKernel = "LaunchKernel"

  /// Whether the call gives something back. A failure of such a call is reported after the fact, as
  /// drivers report what failed earlier: the thing is gone all the same.
  package var gives: Bool {
    switch self {
    case .devicePrimaryCtxRelease, .ctxPopCurrent, .memFree, .memHostUnregister, .memAddressFree,
      .memRelease, .memUnmap, .streamDestroy, .eventDestroy, .graphExecDestroy,
      .graphDestroy, .moduleUnload:
      true
    default: false
    }
  }

  /// Whether a global capture of a stream forbids the call: it might wait, or allocate.
  var isUnsafeInCapture: Bool {
    switch self {
    case .memAlloc, .memFree, .memHostRegister, .memHostUnregister, .memCreate, .memMap, .memUnmap,
      .memSetAccess, .streamSynchronize, .eventQuery, .eventSynchronize,
      .moduleLoadDataEx:
      true
    default: false
    }
  }
}
