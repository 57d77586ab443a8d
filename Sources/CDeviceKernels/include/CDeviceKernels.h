#ifndef FERRY_CDEVICEKERNELS_H
#define FERRY_CDEVICEKERNELS_H

#include <stddef.h>

/// The text of a file of kernels ("checksum"), NUL-terminated and static; NULL where there is none.
/// `length` (may be NULL) receives its bytes, the NUL not counted.
const char *ferry_kernel_source(const char *name, size_t *length);

/// The text of a prelude: "opencl" for the driver's half, "dialect" for the half that all share and
/// that follows it; NULL where there is none.
const char *ferry_kernel_prelude(const char *name, size_t *length);

#endif
