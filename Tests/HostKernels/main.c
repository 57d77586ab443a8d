// Checks every level of the host's kernels that this processor has: against the portable level where results
// are exact by definition, and against sums in f64 within the documented bounds elsewhere.

#include "checks.h"

int32_t level;

static const char *const names[] = {"portable", "AVX2", "AVX-512", "AVX-512 with dot products", "NEON"};

int main(void) {
    int32_t count = (int32_t)(sizeof names / sizeof *names);
    expect_equal("levels without a name", 0, ferry_has_level(count));
    for (level = 0; level < count; level++) {
        if (!ferry_has_level(level)) continue;
        int64_t before = comparisons;
        check_conversions();
        check_elements();
        check_rows();
        check_decoding();
        check_encoding();
        check_linear();
        check_int8();
        check_maps();
        check_attention();
        printf("%s: %lld comparisons\n", names[level], (long long)(comparisons - before));
    }
    if (failures) printf("%lld of %lld differ\n", (long long)failures, (long long)comparisons);
    return failures != 0;
}
