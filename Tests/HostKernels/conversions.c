#include "checks.h"

static void convert(const void *source, int32_t from, int32_t to, int64_t count, int shift) {
    void *expected = memory(count * size_of(to), 0), *actual = memory(count * size_of(to), shift);
    ferry_convert(FERRY_PORTABLE, source, from, expected, to, count);
    ferry_convert(level, source, from, actual, to, count);
    expect_same_bytes("convert", expected, actual, count * size_of(to));
}

// Every number of 16 bits.
static void check_every_number(int32_t from, int32_t to) {
    uint16_t *every = memory(65536 * 2, 0);
    for (int i = 0; i < 65536; i++) every[i] = (uint16_t)i;
    convert(every, from, to, 65536, 0);
    release_memory();
}

// f32 at, just below and just above the midpoints of neighbours in a type of 16 bits, and any others.
static void check_rounding(int32_t to) {
    int64_t count = 60000;
    uint32_t *bits = memory(4 * count, 0);
    int place = to == FERRY_F16 ? 12 : 15;
    for (int64_t i = 0; i < count; i++) {
        bits[i] = (uint32_t)random_bits();
        if (i % 4 == 3) continue;
        bits[i] = (bits[i] >> place | 1) << place;
        bits[i] += (uint32_t)(i % 4) - 1;
        // Exponents of f16 with its subnormal numbers.
        if (i & 8) bits[i] = (bits[i] & 0x807fffff) | (uint32_t)(100 + random_below(45)) << 23;
    }
    convert(bits, FERRY_F32, to, count, 0);
    release_memory();
}

static void check_first_not_below(int32_t type) {
    for (int64_t count = 1; count < 70; count += 3) {
        int shift = (int)(count & 1);
        void *some = numbers(type, count, 0.5f, shift);
        expect_equal("first_not_below", -1, ferry_first_not_below(level, some, type, count, 0.75f));
        int64_t first = random_below(count);
        static const float large[] = {0.75f, -0.75f, INFINITY, -INFINITY, NAN};
        for (int64_t i = first; i < count; i += 1 + random_below(9)) {
            set_element(some, type, i, large[random_below(5)]);
        }
        expect_equal("first_not_below", first, ferry_first_not_below(level, some, type, count, 0.75f));
        release_memory();
    }
}

void check_conversions(void) {
    EACH_TYPE(from) EACH_TYPE(to) {
        if (from != FERRY_F32) check_every_number(from, to);
        else if (to != FERRY_F32) check_rounding(to);
        for (int64_t count = 0; count < 40; count++) {
            for (int shift = 0; shift < 3; shift++) {
                convert(numbers_of_any_bits(from, count, shift), from, to, count, 2 - shift);
                release_memory();
            }
        }
    }
    EACH_TYPE(type) check_first_not_below(type);
}
