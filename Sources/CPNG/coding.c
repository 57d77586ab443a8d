#include "library.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

// libpng reports an error by a call that must not return. It leaves by a jump, over frames of libpng and of
// this file only, and the function jumped to gives everything back.

// The width and height that are taken: libpng's own limit is 1,000,000.
#define SIDE_LIMIT 1000000

struct coder {
    const struct ferry_png *library;
    jmp_buf failed;
    char *reason;
    size_t reason_size;
    // Reading: the bytes that are left.
    const uint8_t *next;
    size_t left;
    // Writing.
    ferry_png_writer writer;
    void *context;
};

static _Thread_local struct coder *current;

_Noreturn static void fail(png_structp png, const char *message) {
    (void)png;
    snprintf(current->reason, current->reason_size, "%s", message);
    longjmp(current->failed, 1);
}

// Warnings are of what can be read all the same.
static void ignore(png_structp png, const char *message) { (void)png, (void)message; }

static void take(png_structp png, uint8_t *target, size_t count) {
    if (count > current->left) fail(png, "it ends too early");
    memcpy(target, current->next, count);
    current->next += count;
    current->left -= count;
}

static void give(png_structp png, uint8_t *bytes, size_t count) {
    if (!current->writer(current->context, bytes, count)) fail(png, "it cannot be written");
}

static void flush(png_structp png) { (void)png; }

static bool is_little_endian(void) {
    const uint16_t one = 1;
    return *(const uint8_t *)&one;
}

// Begins to read: everything up to the pixels, with palettes, small numbers and transparent colours expanded.
static void read_start(const struct ferry_png *f, png_structp png, png_infop info,
                       ferry_png_header *header) {
    f->set_read_fn(png, NULL, take);
    f->set_user_limits(png, SIDE_LIMIT, SIDE_LIMIT);
    f->read_info(png, info);
    f->set_expand(png);
    if (f->get_bit_depth(png, info) == 16 && is_little_endian()) f->set_swap(png);
    header->width = f->get_image_width(png, info);
    header->height = f->get_image_height(png, info);
}

static void read_update(const struct ferry_png *f, png_structp png, png_infop info,
                        ferry_png_header *header) {
    f->read_update_info(png, info);
    header->channels = f->get_channels(png, info);
    header->bit_depth = f->get_bit_depth(png, info);
}

// Reads the header, and where there is memory for them all rows.
static bool decode(struct coder *coder, ferry_png_header *header, uint8_t *samples, size_t size) {
    const struct ferry_png *f = coder->library;
    png_structp png = f->create_read_struct(f->get_libpng_ver(NULL), coder, fail, ignore);
    png_infop info = png ? f->create_info_struct(png) : NULL;
    // What changes after setjmp and is used after a jump lives outside this frame.
    if (!info) {
        snprintf(coder->reason, coder->reason_size, "libpng has no memory");
        if (png) f->destroy_read_struct(&png, NULL, NULL);
        return false;
    }
    png_structp volatile kept_png = png;
    png_infop volatile kept_info = info;
    if (setjmp(coder->failed)) {
        png = kept_png;
        info = kept_info;
        f->destroy_read_struct(&png, &info, NULL);
        return false;
    }
    read_start(f, png, info, header);
    int passes = samples ? f->set_interlace_handling(png) : 1;
    read_update(f, png, info, header);
    if (samples) {
        size_t row = f->get_rowbytes(png, info);
        if (row == 0 || size / row < header->height) fail(png, "it is not what its header said");
        for (int pass = 0; pass < passes; pass++) {
            for (uint32_t y = 0; y < header->height; y++) f->read_row(png, samples + y * row, NULL);
        }
        f->read_end(png, NULL);
    }
    f->destroy_read_struct(&png, &info, NULL);
    return true;
}

static void write_rows(const struct ferry_png *f, png_structp png, const ferry_png_header *header,
                       const uint8_t *samples) {
    size_t row = (size_t)header->width * header->channels * header->bit_depth / 8;
    if (header->bit_depth == 16 && is_little_endian()) f->set_swap(png);
    for (uint32_t y = 0; y < header->height; y++) f->write_row(png, samples + y * row);
}

static bool encode(struct coder *coder, const ferry_png_header *header, const uint8_t *samples,
                   const ferry_png_chunk *chunks, size_t chunk_count) {
    const struct ferry_png *f = coder->library;
    static const int colors[] = {PNG_COLOR_GRAY, PNG_COLOR_GRAY_ALPHA, PNG_COLOR_RGB,
                                 PNG_COLOR_RGB_ALPHA};
    png_structp png = f->create_write_struct(f->get_libpng_ver(NULL), coder, fail, ignore);
    png_infop info = png ? f->create_info_struct(png) : NULL;
    if (!info) {
        snprintf(coder->reason, coder->reason_size, "libpng has no memory");
        if (png) f->destroy_write_struct(&png, NULL);
        return false;
    }
    png_structp volatile kept_png = png;
    png_infop volatile kept_info = info;
    if (setjmp(coder->failed)) {
        png = kept_png;
        info = kept_info;
        f->destroy_write_struct(&png, &info);
        return false;
    }
    f->set_write_fn(png, NULL, give, flush);
    f->set_user_limits(png, SIDE_LIMIT, SIDE_LIMIT);
    f->set_IHDR(png, info, header->width, header->height, header->bit_depth,
                colors[header->channels - 1], 0, 0, 0);
    f->write_info(png, info);
    for (size_t i = 0; i < chunk_count; i++) {
        f->write_chunk(png, (const uint8_t *)chunks[i].type, chunks[i].data, chunks[i].count);
    }
    write_rows(f, png, header, samples);
    f->write_end(png, info);
    f->destroy_write_struct(&png, &info);
    return true;
}

bool ferry_png_read_header(const struct ferry_png *library, const void *bytes, size_t count,
                           ferry_png_header *header, char *reason, size_t size) {
    struct coder coder = {.library = library, .reason = reason, .reason_size = size,
                          .next = bytes, .left = count};
    current = &coder;
    return decode(&coder, header, NULL, 0);
}

bool ferry_png_read(const struct ferry_png *library, const void *bytes, size_t count, void *samples,
                    size_t samples_size, char *reason, size_t size) {
    struct coder coder = {.library = library, .reason = reason, .reason_size = size,
                          .next = bytes, .left = count};
    ferry_png_header header = {0};
    current = &coder;
    return decode(&coder, &header, samples, samples_size);
}

bool ferry_png_write(const struct ferry_png *library, const ferry_png_header *header,
                     const void *samples, const ferry_png_chunk *chunks, size_t chunk_count,
                     ferry_png_writer writer, void *context, char *reason, size_t size) {
    struct coder coder = {.library = library, .reason = reason, .reason_size = size,
                          .writer = writer, .context = context};
    if (header->channels < 1 || header->channels > 4 ||
        (header->bit_depth != 8 && header->bit_depth != 16)) {
        snprintf(reason, size, "samples of that kind are not written");
        return false;
    }
    current = &coder;
    return encode(&coder, header, samples, chunks, chunk_count);
}
