#ifndef FERRY_CHECKS_H
#define FERRY_CHECKS_H

// What the checks share: numbers, memory that faults where it ends, comparisons.

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CHostKernels.h"

// The level that is being checked.
extern int32_t level;

// Random bits; the same in every run.
uint64_t random_bits(void);
int64_t random_below(int64_t bound);
// In -scale...scale.
float random_float(float scale);

// Zeros that end `shift` bytes before memory that cannot be touched.
void *memory(int64_t bytes, int shift);
// Gives all of it back; what was written around it is a failure.
void release_memory(void);

int64_t size_of(int32_t type);
const char *name_of(int32_t type);
// Element i, exactly.
double element(const void *elements, int32_t type, int64_t i);
void set_element(void *elements, int32_t type, int64_t i, float value);

// Elements in -scale...scale, and some of any bits: NaN, infinity, subnormal numbers.
void *numbers(int32_t type, int64_t count, float scale, int shift);
void *numbers_of_any_bits(int32_t type, int64_t count, int shift);

// A weight of random bytes: the rows' elements fill the payload to its last byte.
ferry_weight random_weight(int32_t format, int32_t type, int64_t rows, int64_t columns, int64_t block_size,
                           int is_nested, int shift);

// The formats of weights that are checked.
typedef struct { int32_t format, type; int64_t block_size; int is_nested; } weight_format;
extern const weight_format formats[];
extern const int format_count;

// The largest error of x rounded to a type.
double rounding(int32_t type, double x);

// Bits, where any NaN is as good as another.
void expect_same(const char *what, const void *expected, const void *actual, int32_t type, int64_t count);
void expect_same_bytes(const char *what, const void *expected, const void *actual, int64_t count);
void expect_equal(const char *what, int64_t expected, int64_t actual);
void expect_near(const char *what, double expected, double actual, double bound);

// What has been compared, and what of it differed.
extern int64_t comparisons, failures;

void check_conversions(void);
void check_elements(void);
void check_rows(void);
void check_decoding(void);
void check_encoding(void);
void check_linear(void);
void check_int8(void);
void check_maps(void);
void check_attention(void);

static const int32_t types[] = {FERRY_F32, FERRY_F16, FERRY_BF16};
#define EACH_TYPE(t) for (int t##_index = 0, t = 0; t##_index < 3 && (t = types[t##_index], 1); t##_index++)

#endif
