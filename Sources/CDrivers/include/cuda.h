#ifndef FERRY_CUDA_H
#define FERRY_CUDA_H

#include <stddef.h>
#include <stdint.h>

// The part of the CUDA driver interface that Ferry uses, declared here so that no vendor header is
// needed to build, and loaded at run time so that no library is needed to link. Drivers ≥ 550 (CUDA
// 12.4) have all of it.

typedef int32_t CUresult;
typedef int32_t CUdevice;
typedef uint64_t CUdeviceptr;
typedef uint64_t CUmemGenericAllocationHandle;
typedef struct CUctx_st *CUcontext;
typedef struct CUstream_st *CUstream;
typedef struct CUevent_st *CUevent;
typedef struct CUmod_st *CUmodule;
typedef struct CUfunc_st *CUfunction;
typedef struct CUgraph_st *CUgraph;
typedef struct CUgraphExec_st *CUgraphExec;

/// `CUmemLocation`: type 1 is a device.
struct ferry_cuda_location {
  int32_t type;
  int32_t id;
};

/// `CUmemAllocationProp`: type 1 is pinned, that is device memory.
struct ferry_cuda_allocation_properties {
  int32_t type;
  int32_t requested_handle_types;
  struct ferry_cuda_location location;
  uintptr_t win32_handle_meta_data;
  uint8_t compression_type;
  uint8_t gpu_direct_rdma_capable;
  uint16_t usage;
  uint8_t reserved[4];
};

/// `CUmemAccessDesc`: flags 3 is reading and writing.
struct ferry_cuda_access {
  struct ferry_cuda_location location;
  int32_t flags;
};

// Each entry: name, the library's symbol, parameters. All return a CUresult.
#define FERRY_CUDA_FUNCTIONS(ENTRY)                                                                \
  ENTRY(Init, cuInit, (uint32_t))                                                                  \
  ENTRY(DriverGetVersion, cuDriverGetVersion, (int32_t *))                                         \
  ENTRY(DeviceGetCount, cuDeviceGetCount, (int32_t *))                                             \
  ENTRY(DeviceGet, cuDeviceGet, (CUdevice *, int32_t))                                             \
  ENTRY(DeviceGetName, cuDeviceGetName, (char *, int32_t, CUdevice))                               \
  ENTRY(DeviceGetAttribute, cuDeviceGetAttribute, (int32_t *, int32_t, CUdevice))                  \
  ENTRY(DeviceTotalMem, cuDeviceTotalMem_v2, (size_t *, CUdevice))                                 \
  ENTRY(DeviceGetPCIBusId, cuDeviceGetPCIBusId, (char *, int32_t, CUdevice))                       \
  ENTRY(DeviceCanAccessPeer, cuDeviceCanAccessPeer, (int32_t *, CUdevice, CUdevice))               \
  ENTRY(DevicePrimaryCtxRetain, cuDevicePrimaryCtxRetain, (CUcontext *, CUdevice))                 \
  ENTRY(DevicePrimaryCtxRelease, cuDevicePrimaryCtxRelease_v2, (CUdevice))                         \
  ENTRY(CtxPushCurrent, cuCtxPushCurrent_v2, (CUcontext))                                          \
  ENTRY(CtxPopCurrent, cuCtxPopCurrent_v2, (CUcontext *))                                          \
  ENTRY(CtxEnablePeerAccess, cuCtxEnablePeerAccess, (CUcontext, uint32_t))                         \
  ENTRY(MemGetInfo, cuMemGetInfo_v2, (size_t *, size_t *))                                         \
  ENTRY(MemAlloc, cuMemAlloc_v2, (CUdeviceptr *, size_t))                                          \
  ENTRY(MemFree, cuMemFree_v2, (CUdeviceptr))                                                      \
  ENTRY(MemHostRegister, cuMemHostRegister_v2, (void *, size_t, uint32_t))                         \
  ENTRY(MemHostUnregister, cuMemHostUnregister, (void *))                                          \
  ENTRY(MemcpyHtoDAsync, cuMemcpyHtoDAsync_v2, (CUdeviceptr, const void *, size_t, CUstream))      \
  ENTRY(MemcpyDtoHAsync, cuMemcpyDtoHAsync_v2, (void *, CUdeviceptr, size_t, CUstream))            \
  ENTRY(MemcpyDtoDAsync, cuMemcpyDtoDAsync_v2, (CUdeviceptr, CUdeviceptr, size_t, CUstream))       \
  ENTRY(MemcpyPeerAsync, cuMemcpyPeerAsync,                                                        \
        (CUdeviceptr, CUcontext, CUdeviceptr, CUcontext, size_t, CUstream))                        \
  ENTRY(MemsetD8Async, cuMemsetD8Async, (CUdeviceptr, uint8_t, size_t, CUstream))                  \
  ENTRY(MemAddressReserve, cuMemAddressReserve,                                                    \
        (CUdeviceptr *, size_t, size_t, CUdeviceptr, uint64_t))                                    \
  ENTRY(MemAddressFree, cuMemAddressFree, (CUdeviceptr, size_t))                                   \
  ENTRY(MemCreate, cuMemCreate,                                                                    \
        (CUmemGenericAllocationHandle *, size_t, const struct ferry_cuda_allocation_properties *,  \
         uint64_t))                                                                                \
  ENTRY(MemRelease, cuMemRelease, (CUmemGenericAllocationHandle))                                  \
  ENTRY(MemMap, cuMemMap, (CUdeviceptr, size_t, size_t, CUmemGenericAllocationHandle, uint64_t))   \
  ENTRY(MemUnmap, cuMemUnmap, (CUdeviceptr, size_t))                                               \
  ENTRY(MemSetAccess, cuMemSetAccess,                                                              \
        (CUdeviceptr, size_t, const struct ferry_cuda_access *, size_t))                           \
  ENTRY(MemGetAllocationGranularity, cuMemGetAllocationGranularity,                                \
        (size_t *, const struct ferry_cuda_allocation_properties *, int32_t))                      \
  ENTRY(StreamCreateWithPriority, cuStreamCreateWithPriority, (CUstream *, uint32_t, int32_t))     \
  ENTRY(StreamDestroy, cuStreamDestroy_v2, (CUstream))                                             \
  ENTRY(StreamSynchronize, cuStreamSynchronize, (CUstream))                                        \
  ENTRY(StreamWaitEvent, cuStreamWaitEvent, (CUstream, CUevent, uint32_t))                         \
  ENTRY(StreamBeginCapture, cuStreamBeginCapture_v2, (CUstream, int32_t))                          \
  ENTRY(StreamEndCapture, cuStreamEndCapture, (CUstream, CUgraph *))                               \
  ENTRY(EventCreate, cuEventCreate, (CUevent *, uint32_t))                                         \
  ENTRY(EventDestroy, cuEventDestroy_v2, (CUevent))                                                \
  ENTRY(EventRecord, cuEventRecord, (CUevent, CUstream))                                           \
  ENTRY(EventQuery, cuEventQuery, (CUevent))                                                       \
  ENTRY(EventSynchronize, cuEventSynchronize, (CUevent))                                           \
  ENTRY(GraphInstantiate, cuGraphInstantiateWithFlags, (CUgraphExec *, CUgraph, uint64_t))         \
  ENTRY(GraphLaunch, cuGraphLaunch, (CUgraphExec, CUstream))                                       \
  ENTRY(GraphExecDestroy, cuGraphExecDestroy, (CUgraphExec))                                       \
  ENTRY(GraphDestroy, cuGraphDestroy, (CUgraph))                                                   \
  ENTRY(ModuleLoadDataEx, cuModuleLoadDataEx,                                                      \
        (CUmodule *, const void *, uint32_t, int32_t *, void **))                                  \
  ENTRY(ModuleUnload, cuModuleUnload, (CUmodule))                                                  \
  ENTRY(ModuleGetFunction, cuModuleGetFunction, (CUfunction *, CUmodule, const char *))            \
  ENTRY(FuncGetAttribute, cuFuncGetAttribute, (int32_t *, int32_t, CUfunction))                    \
  ENTRY(FuncGetParamInfo, cuFuncGetParamInfo, (CUfunction, size_t, size_t *, size_t *))            \
  ENTRY(LaunchKernel, cuLaunchKernel,                                                              \
        (CUfunction, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,         \
         CUstream, void **, void **))

// Only the entry points themselves are declared non-null; what they take, CUDA's manual says.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The entry points of one loaded library.
struct ferry_cuda {
#define FERRY_CUDA_FIELD(name, symbol, parameters) CUresult(*_Nonnull name) parameters;
  FERRY_CUDA_FUNCTIONS(FERRY_CUDA_FIELD)
#undef FERRY_CUDA_FIELD
};

/// Loads a library and looks up every entry point.
///
/// Returns a table that stays valid for the life of the process; NULL where the library or one of its
/// symbols is missing, with the reason in `reason` (NUL-terminated, at most `size` bytes).
const struct ferry_cuda *_Nullable ferry_cuda_load(const char *_Nonnull library,
                                                   char *_Nonnull reason, size_t size);

#pragma clang diagnostic pop

#endif
