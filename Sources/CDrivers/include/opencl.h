#ifndef FERRY_OPENCL_H
#define FERRY_OPENCL_H

#include <stddef.h>
#include <stdint.h>

// The part of the OpenCL 1.2 interface that Ferry uses, declared here so that no vendor header is
// needed to build, and loaded at run time so that no library is needed to link.

typedef int32_t cl_int;
typedef uint32_t cl_uint;
typedef uint32_t cl_bool;
typedef uint64_t cl_bitfield;
typedef struct _cl_platform_id *cl_platform_id;
typedef struct _cl_device_id *cl_device_id;
typedef struct _cl_context *cl_context;
typedef struct _cl_command_queue *cl_command_queue;
typedef struct _cl_mem *cl_mem;
typedef struct _cl_program *cl_program;
typedef struct _cl_kernel *cl_kernel;
typedef struct _cl_event *cl_event;

// Each entry: result, name without "cl", parameters.
#define FERRY_OPENCL_FUNCTIONS(ENTRY)                                                              \
  ENTRY(cl_int, GetPlatformIDs, (cl_uint, cl_platform_id *, cl_uint *))                            \
  ENTRY(cl_int, GetPlatformInfo, (cl_platform_id, cl_uint, size_t, void *, size_t *))              \
  ENTRY(cl_int, GetDeviceIDs, (cl_platform_id, cl_bitfield, cl_uint, cl_device_id *, cl_uint *))   \
  ENTRY(cl_int, GetDeviceInfo, (cl_device_id, cl_uint, size_t, void *, size_t *))                  \
  ENTRY(cl_context, CreateContext,                                                                 \
        (const intptr_t *, cl_uint, const cl_device_id *,                                          \
         void (*)(const char *, const void *, size_t, void *), void *, cl_int *))                  \
  ENTRY(cl_int, ReleaseContext, (cl_context))                                                      \
  ENTRY(cl_command_queue, CreateCommandQueue, (cl_context, cl_device_id, cl_bitfield, cl_int *))   \
  ENTRY(cl_int, ReleaseCommandQueue, (cl_command_queue))                                           \
  ENTRY(cl_int, Flush, (cl_command_queue))                                                         \
  ENTRY(cl_int, Finish, (cl_command_queue))                                                        \
  ENTRY(cl_mem, CreateBuffer, (cl_context, cl_bitfield, size_t, void *, cl_int *))                 \
  ENTRY(cl_int, ReleaseMemObject, (cl_mem))                                                        \
  ENTRY(cl_int, EnqueueReadBuffer,                                                                 \
        (cl_command_queue, cl_mem, cl_bool, size_t, size_t, void *, cl_uint, const cl_event *,     \
         cl_event *))                                                                              \
  ENTRY(cl_int, EnqueueWriteBuffer,                                                                \
        (cl_command_queue, cl_mem, cl_bool, size_t, size_t, const void *, cl_uint,                 \
         const cl_event *, cl_event *))                                                            \
  ENTRY(cl_int, EnqueueCopyBuffer,                                                                 \
        (cl_command_queue, cl_mem, cl_mem, size_t, size_t, size_t, cl_uint, const cl_event *,      \
         cl_event *))                                                                              \
  ENTRY(cl_int, EnqueueFillBuffer,                                                                 \
        (cl_command_queue, cl_mem, const void *, size_t, size_t, size_t, cl_uint,                  \
         const cl_event *, cl_event *))                                                            \
  ENTRY(cl_int, EnqueueNDRangeKernel,                                                              \
        (cl_command_queue, cl_kernel, cl_uint, const size_t *, const size_t *, const size_t *,     \
         cl_uint, const cl_event *, cl_event *))                                                   \
  ENTRY(cl_int, EnqueueBarrierWithWaitList,                                                        \
        (cl_command_queue, cl_uint, const cl_event *, cl_event *))                                 \
  ENTRY(cl_int, WaitForEvents, (cl_uint, const cl_event *))                                        \
  ENTRY(cl_int, GetEventInfo, (cl_event, cl_uint, size_t, void *, size_t *))                       \
  ENTRY(cl_int, ReleaseEvent, (cl_event))                                                          \
  ENTRY(cl_program, CreateProgramWithSource,                                                       \
        (cl_context, cl_uint, const char **, const size_t *, cl_int *))                            \
  ENTRY(cl_int, BuildProgram,                                                                      \
        (cl_program, cl_uint, const cl_device_id *, const char *, void (*)(cl_program, void *),    \
         void *))                                                                                  \
  ENTRY(cl_int, GetProgramBuildInfo,                                                               \
        (cl_program, cl_device_id, cl_uint, size_t, void *, size_t *))                             \
  ENTRY(cl_int, ReleaseProgram, (cl_program))                                                      \
  ENTRY(cl_kernel, CreateKernel, (cl_program, const char *, cl_int *))                             \
  ENTRY(cl_int, ReleaseKernel, (cl_kernel))                                                        \
  ENTRY(cl_int, SetKernelArg, (cl_kernel, cl_uint, size_t, const void *))                          \
  ENTRY(cl_int, GetKernelInfo, (cl_kernel, cl_uint, size_t, void *, size_t *))                     \
  ENTRY(cl_int, GetKernelWorkGroupInfo,                                                            \
        (cl_kernel, cl_device_id, cl_uint, size_t, void *, size_t *))

// Only the entry points themselves are declared non-null; what they take, OpenCL's manual says.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The entry points of one loaded library.
struct ferry_opencl {
#define FERRY_OPENCL_FIELD(result, name, parameters) result(*_Nonnull name) parameters;
  FERRY_OPENCL_FUNCTIONS(FERRY_OPENCL_FIELD)
#undef FERRY_OPENCL_FIELD
};

/// Loads a library and looks up every entry point.
///
/// Returns a table that stays valid for the life of the process; NULL where the library or one of its
/// symbols is missing, with the reason in `reason` (NUL-terminated, at most `size` bytes).
const struct ferry_opencl *_Nullable ferry_opencl_load(const char *_Nonnull library,
                                                       char *_Nonnull reason, size_t size);

#pragma clang diagnostic pop

#endif
