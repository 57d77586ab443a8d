#ifndef FERRY_CPNG_H
#define FERRY_CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG through the system's libpng, loaded at run time: no header of it is needed to build, and a machine
// without it has everything but images.

struct ferry_png;

// The library under `name`; NULL with a reason where it cannot be loaded. Never closed.
const struct ferry_png *ferry_png_load(const char *name, char *reason, size_t size);

// An image in memory: rows of interleaved samples without padding, 8 bits each, or 16 in the machine's order.
typedef struct {
    uint32_t width, height;
    uint32_t channels;   // 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha
    uint32_t bit_depth;  // 8 or 16
} ferry_png_header;

// Reads what an encoded image is once palettes, fewer bits and transparent colours are expanded; false with
// a reason for what is no PNG.
bool ferry_png_read_header(const struct ferry_png *library, const void *bytes, size_t count,
                           ferry_png_header *header, char *reason, size_t size);

// Decodes the image whose header was read into `samples`, which have exactly its size; false with a reason
// for a damaged or truncated one.
bool ferry_png_read(const struct ferry_png *library, const void *bytes, size_t count, void *samples,
                    size_t samples_size, char *reason, size_t size);

// Takes the next bytes of an encoded image; false: they could not be kept.
typedef bool (*ferry_png_writer)(void *context, const void *bytes, size_t count);

// A chunk between the file's header and its pixel data, byte for byte.
typedef struct {
    char type[5];
    const uint8_t *data;
    size_t count;
} ferry_png_chunk;

// Encodes samples, writing these chunks before them; returns false, with a reason, on failure.
bool ferry_png_write(const struct ferry_png *library, const ferry_png_header *header,
                     const void *samples, const ferry_png_chunk *chunks, size_t chunk_count,
                     ferry_png_writer writer, void *context, char *reason, size_t size);

#endif
