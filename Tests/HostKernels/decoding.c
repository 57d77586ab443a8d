#include "checks.h"

const weight_format formats[] = {
    {FERRY_PLAIN, FERRY_F32, 0, 0},       {FERRY_PLAIN, FERRY_F16, 0, 0},
    {FERRY_PLAIN, FERRY_BF16, 0, 0},      {FERRY_INT8_ROWS, 0, 0, 0},
    {FERRY_DYNAMIC8, 0, 100, 0},          {FERRY_DYNAMIC8, 0, 256, 0},
    {FERRY_FOUR_BIT, 0, 32, 0},           {FERRY_FOUR_BIT, 0, 64, 0},
    {FERRY_FOUR_BIT, 0, 128, 1},          {FERRY_FOUR_BIT, 0, 64, 1},
    {FERRY_FOUR_BIT, 0, 4096, 0},
};
const int format_count = sizeof formats / sizeof *formats;

static void *random_bytes(int64_t count, int shift) {
    uint8_t *bytes = memory(count, shift);
    for (int64_t i = 0; i < count; i++) bytes[i] = (uint8_t)random_bits();
    return bytes;
}

ferry_weight random_weight(int32_t format, int32_t type, int64_t rows, int64_t columns, int64_t block_size,
                           int is_nested, int shift) {
    int64_t count = rows * columns, blocks = rows;
    ferry_weight w = {.format = format, .type = type, .columns = columns, .block_size = block_size};
    if (format == FERRY_PLAIN) {
        w.payload = numbers(type, count, 1, shift);
        return w;
    }
    w.payload = random_bytes(format == FERRY_FOUR_BIT ? (count + 1) / 2 : count, shift);
    if (format != FERRY_INT8_ROWS) blocks = (count + block_size - 1) / block_size;
    w.absmax = is_nested ? random_bytes(blocks, shift) : numbers(FERRY_F32, blocks, 2, shift);
    if (is_nested) w.nested_absmax = numbers(FERRY_F32, (blocks + 255) / 256, 1, shift);
    if (is_nested || format == FERRY_DYNAMIC8) w.table = numbers(FERRY_F32, 256, 1, shift);
    w.nested_offset = random_float(1);
    for (int i = 0; i < 16; i++) w.codes[i] = random_float(1);
    return w;
}

static void check_range(const ferry_weight *w, int64_t first, int64_t count, int32_t type) {
    void *expected = memory(count * size_of(type), 0);
    void *actual = memory(count * size_of(type), (int)random_below(2));
    ferry_decode(FERRY_PORTABLE, w, first, count, expected, type);
    ferry_decode(level, w, first, count, actual, type);
    expect_same("decode", expected, actual, type, count);
    // Elements of which 64 and their multiples begin a line of memory, and such as lie anywhere.
    int64_t head = -first & 63, size = size_of(type);
    int shift = random_below(4) ? (int)(((count - head) * -size) & 63) : (int)random_below(64);
    void *streamed = memory(count * size, shift);
    ferry_decode_streaming(level, w, first, count, streamed, type);
    expect_same("decode_streaming", expected, streamed, type, count);
}

// Six rows, each a block, from the middle of the range of f32 to its ends.
static void check_ends_of_range(int32_t format, int64_t columns, int32_t type) {
    static const float absmaxima[] = {0x1p-100f, 0x1.fffffep-101f, 0x1p-122f, 0x1p-130f, FLT_MAX, INFINITY};
    ferry_weight w = random_weight(format, 0, 6, columns, columns, 0, 1);
    void *absmax = memory(sizeof absmaxima, 1);
    memcpy(absmax, absmaxima, sizeof absmaxima);
    w.absmax = absmax;
    check_range(&w, 0, 6 * columns, type);
    release_memory();
}

void check_decoding(void) {
    static const int64_t columns[] = {1, 7, 31, 64, 96, 100, 257, 576};
    for (int f = 0; f < format_count; f++) {
        for (int i = 0; i < 8; i++) EACH_TYPE(type) {
            int64_t count = 5 * columns[i];
            ferry_weight w = random_weight(formats[f].format, formats[f].type, 5, columns[i],
                                           formats[f].block_size, formats[f].is_nested, i & 1);
            check_range(&w, 0, count, type);
            for (int j = 0; j < 12; j++) {
                int64_t first = random_below(count);
                check_range(&w, first, random_below(count - first + 1), type);
            }
            release_memory();
        }
    }
    EACH_TYPE(type) {
        check_ends_of_range(FERRY_INT8_ROWS, 100, type);
        check_ends_of_range(FERRY_DYNAMIC8, 100, type);
    }
}
