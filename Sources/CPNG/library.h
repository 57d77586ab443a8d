#ifndef FERRY_PNG_LIBRARY_H
#define FERRY_PNG_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

#include "CPNG.h"

// The part of libpng 1.2 … 1.8 that is used, declared as png.h declares it.

typedef struct ferry_png_struct *png_structp;
typedef struct ferry_png_info *png_infop;
typedef void (*png_error_ptr)(png_structp, const char *);
typedef void (*png_rw_ptr)(png_structp, uint8_t *, size_t);
typedef void (*png_flush_ptr)(png_structp);

enum { PNG_COLOR_GRAY = 0, PNG_COLOR_RGB = 2, PNG_COLOR_GRAY_ALPHA = 4, PNG_COLOR_RGB_ALPHA = 6 };

#define FERRY_PNG_FUNCTIONS(F)                                                                      \
    F(const char *, get_libpng_ver, (png_structp))                                                  \
    F(png_structp, create_read_struct, (const char *, void *, png_error_ptr, png_error_ptr))        \
    F(png_structp, create_write_struct, (const char *, void *, png_error_ptr, png_error_ptr))       \
    F(png_infop, create_info_struct, (png_structp))                                                 \
    F(void, destroy_read_struct, (png_structp *, png_infop *, png_infop *))                         \
    F(void, destroy_write_struct, (png_structp *, png_infop *))                                     \
    F(void, set_read_fn, (png_structp, void *, png_rw_ptr))                                         \
    F(void, set_write_fn, (png_structp, void *, png_rw_ptr, png_flush_ptr))                         \
    F(void, set_user_limits, (png_structp, uint32_t, uint32_t))                                     \
    F(void, read_info, (png_structp, png_infop))                                                    \
    F(void, set_expand, (png_structp))                                                              \
    F(void, set_swap, (png_structp))                                                                \
    F(int, set_interlace_handling, (png_structp))                                                   \
    F(void, read_update_info, (png_structp, png_infop))                                             \
    F(uint32_t, get_image_width, (png_structp, png_infop))                                          \
    F(uint32_t, get_image_height, (png_structp, png_infop))                                         \
    F(uint8_t, get_channels, (png_structp, png_infop))                                              \
    F(uint8_t, get_bit_depth, (png_structp, png_infop))                                             \
    F(size_t, get_rowbytes, (png_structp, png_infop))                                               \
    F(void, read_row, (png_structp, uint8_t *, uint8_t *))                                          \
    F(void, read_end, (png_structp, png_infop))                                                     \
    F(void, set_IHDR, (png_structp, png_infop, uint32_t, uint32_t, int, int, int, int, int))        \
    F(void, write_info, (png_structp, png_infop))                                                   \
    F(void, write_chunk, (png_structp, const uint8_t *, const uint8_t *, size_t))                   \
    F(void, write_row, (png_structp, const uint8_t *))                                              \
    F(void, write_end, (png_structp, png_infop))

struct ferry_png {
#define POINTER(result, name, parameters) result(*name) parameters;
    FERRY_PNG_FUNCTIONS(POINTER)
#undef POINTER
};

#endif
