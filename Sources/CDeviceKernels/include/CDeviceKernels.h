#ifndef FERRY_CDEVICEKERNELS_H
#define FERRY_CDEVICEKERNELS_H

#include <stdbool.h>
#include <stddef.h>

/// The text of a file of kernels ("checksum"), NUL-terminated and static; NULL where there is none.
/// `length` (may be NULL) receives its bytes, the NUL not counted.
const char *ferry_kernel_source(const char *name, size_t *length);

/// The text of a prelude: "opencl" for the driver's half, "dialect" for the half that all share and
/// that follows it, then "collectives.opencl" or "collectives.cuda"; NULL where there is none.
const char *ferry_kernel_prelude(const char *name, size_t *length);

/// The compiled image of a program for a target ("sm_90", or "compute_75" for text that a driver compiles),
/// static and, where it is text, NUL-terminated; NULL where none was made. `size` (may be NULL) receives
/// its bytes.
///
/// `key` is the program's name and " NAME=value" for each of its defines, in the order of their names
/// ("linear FORMAT=nf4 GROUP=128 INPUT=f32 …"). The image holds the program's kernels under their names.
const void *ferry_kernel_image(const char *target, const char *key, size_t *size);

/// Whether there is an image of a program, for any target.
bool ferry_kernel_has_image(const char *key);

/// The key of an image that ``ferry_kernel_image`` returned; NULL for any other pointer.
const char *ferry_kernel_image_key(const void *image);

/// The key of an image of another build of the same archives, with these bytes; NULL for any others.
const char *ferry_kernel_image_key_of_copy(const void *bytes, size_t size);

#endif
