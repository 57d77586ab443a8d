#include "checks.h"

#include <sys/mman.h>
#include <unistd.h>

int64_t comparisons, failures;

uint64_t random_bits(void) {
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 2685821657736338717u;
}

int64_t random_below(int64_t bound) { return (int64_t)(random_bits() >> 33) % bound; }

float random_float(float scale) { return ((float)(random_bits() >> 40) * 0x1p-23f - 1) * scale; }

// --- Memory ---------------------------------------------------------------------------------------

#define AROUND 64
#define FILL 0xa5
#define MOST_PIECES 64

static struct { unsigned char *pages, *start, *end; size_t size; int shift; } pieces[MOST_PIECES];
static int piece_count;

void *memory(int64_t bytes, int shift) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = ((size_t)bytes + (size_t)shift + AROUND + page - 1) / page * page;
    unsigned char *pages =
        mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED || piece_count == MOST_PIECES || mprotect(pages + size, page, PROT_NONE)) abort();
    unsigned char *end = pages + size - shift, *start = end - bytes;
    memset(start - AROUND, FILL, AROUND);
    memset(end, FILL, (size_t)shift);
    pieces[piece_count].pages = pages;
    pieces[piece_count].start = start;
    pieces[piece_count].end = end;
    pieces[piece_count].size = size + page;
    pieces[piece_count++].shift = shift;
    return start;
}

void release_memory(void) {
    int64_t touched = 0;
    while (piece_count > 0) {
        piece_count--;
        for (int i = 1; i <= AROUND; i++) touched += pieces[piece_count].start[-i] != FILL;
        for (int i = 0; i < pieces[piece_count].shift; i++) touched += pieces[piece_count].end[i] != FILL;
        munmap(pieces[piece_count].pages, pieces[piece_count].size);
    }
    expect_equal("bytes written around memory", 0, touched);
}

// --- Numbers --------------------------------------------------------------------------------------

int64_t size_of(int32_t type) { return type == FERRY_F32 ? 4 : 2; }

const char *name_of(int32_t type) { return type == FERRY_F32 ? "f32" : type == FERRY_F16 ? "f16" : "bf16"; }

static double half(uint16_t bits) {
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double magnitude = exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction + 1024, exponent - 25);
    if (exponent == 31) magnitude = fraction ? NAN : INFINITY;
    return bits & 0x8000 ? -magnitude : magnitude;
}

double element(const void *elements, int32_t type, int64_t i) {
    uint32_t bits = 0;
    memcpy(&bits, (const char *)elements + i * size_of(type), (size_t)size_of(type));
    if (type == FERRY_F16) return half((uint16_t)bits);
    if (type == FERRY_BF16) bits <<= 16;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

void set_element(void *elements, int32_t type, int64_t i, float value) {
    char *at = (char *)elements + i * size_of(type);
    ferry_convert(FERRY_PORTABLE, &value, FERRY_F32, at, type, 1);
}

void *numbers(int32_t type, int64_t count, float scale, int shift) {
    void *elements = memory(count * size_of(type), shift);
    for (int64_t i = 0; i < count; i++) set_element(elements, type, i, random_float(scale));
    return elements;
}

void *numbers_of_any_bits(int32_t type, int64_t count, int shift) {
    unsigned char *bytes = numbers(type, count, 1, shift);
    for (int64_t i = 0; i < count; i++) {
        uint64_t bits = random_bits();
        // Infinity or NaN, subnormal numbers and zeros of both signs more often than by chance.
        if (bits >> 62 == 0) bits |= 0x7f807f80;
        if (bits >> 62 == 1) bits &= 0x807f807f;
        if (bits >> 60 == 7) bits &= 0x80008000;
        if (bits >> 63 == 0) memcpy(bytes + i * size_of(type), &bits, (size_t)size_of(type));
    }
    return bytes;
}

double rounding(int32_t type, double x) {
    if (type == FERRY_F32) return fabs(x) * 0x1p-24 + 0x1p-150;
    return type == FERRY_F16 ? fabs(x) * 0x1p-11 + 0x1p-25 : fabs(x) * 0x1p-8 + 0x1p-134;
}

// --- Comparisons ----------------------------------------------------------------------------------

static void expect(int holds, const char *what, int64_t index, double expected, double actual) {
    comparisons++;
    if (holds) return;
    if (failures++ < 20) {
        printf("level %d: %s [%lld]: %.9g, not %.9g\n", (int)level, what, (long long)index, actual, expected);
    }
}

void expect_same(const char *what, const void *expected, const void *actual, int32_t type, int64_t count) {
    int64_t size = size_of(type);
    for (int64_t i = 0; i < count; i++) {
        double e = element(expected, type, i), a = element(actual, type, i);
        int same = !memcmp((const char *)expected + i * size, (const char *)actual + i * size, (size_t)size);
        expect(same || (isnan(e) && isnan(a)), what, i, e, a);
    }
}

void expect_same_bytes(const char *what, const void *expected, const void *actual, int64_t count) {
    const uint8_t *e = expected, *a = actual;
    for (int64_t i = 0; i < count; i++) expect(e[i] == a[i], what, i, e[i], a[i]);
}

void expect_equal(const char *what, int64_t expected, int64_t actual) {
    expect(expected == actual, what, 0, (double)expected, (double)actual);
}

void expect_near(const char *what, double expected, double actual, double bound) {
    expect((isnan(expected) && isnan(actual)) || expected == actual || fabs(expected - actual) <= bound, what,
           0, expected, actual);
}
