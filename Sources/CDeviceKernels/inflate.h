#ifndef FERRY_INFLATE_H
#define FERRY_INFLATE_H

#include <stddef.h>
#include <stdint.h>

/// Unpacks raw DEFLATE data (RFC 1951) of exactly `size` bytes into `output`; whether it was that.
int ferry_inflate(const uint8_t *packed, size_t packed_size, uint8_t *output, size_t size);

#endif
