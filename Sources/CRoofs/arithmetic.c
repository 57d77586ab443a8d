#include "CRoofs.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Sums that do not wait for each other: more than two units of four turns each keep busy, few enough for 16
// registers.
enum { SUMS = 12 };

// The compiler must not know what a sum is.
#define HIDE(value) __asm__ volatile("" : "+v"(value))

#define LOOP(NAME, TARGET, VECTOR, ZERO, STEP, OPERATIONS)              \
    TARGET static int64_t NAME(int64_t turns) {                         \
        VECTOR sums[SUMS], one = ZERO, other = ZERO;                    \
        HIDE(one);                                                      \
        HIDE(other);                                                    \
        for (int i = 0; i < SUMS; i++) sums[i] = ZERO;                  \
        for (int64_t turn = 0; turn < turns; turn++) {                  \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < SUMS; i++) { \
                STEP;                                                   \
                HIDE(sums[i]);                                          \
            }                                                           \
        }                                                               \
        return turns * SUMS * (OPERATIONS);                             \
    }

#if defined(__x86_64__)

LOOP(f32_128, , __m128, _mm_setzero_ps(), sums[i] = _mm_add_ps(sums[i], _mm_mul_ps(one, other)), 8)
LOOP(f32_256, __attribute__((target("avx2,fma"))), __m256, _mm256_setzero_ps(),
     sums[i] = _mm256_fmadd_ps(one, other, sums[i]), 16)
LOOP(f32_512, __attribute__((target("avx512f"))), __m512, _mm512_setzero_ps(),
     sums[i] = _mm512_fmadd_ps(one, other, sums[i]), 32)
LOOP(bf16_512, __attribute__((target("avx512f,avx512bf16"))), __m512, _mm512_setzero_ps(),
     sums[i] = _mm512_dpbf16_ps(sums[i], (__m512bh)one, (__m512bh)other), 64)
LOOP(int8_512, __attribute__((target("avx512f,avx512vnni"))), __m512i, _mm512_setzero_si512(),
     sums[i] = _mm512_dpbusd_epi32(sums[i], one, other), 128)

int32_t ferry_roof_exists(int32_t kind) {
    switch (kind) {
    case FERRY_ROOF_F32_128: return 1;
    case FERRY_ROOF_F32_256: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case FERRY_ROOF_F32_512: return !!__builtin_cpu_supports("avx512f");
    case FERRY_ROOF_BF16_512: return !!__builtin_cpu_supports("avx512bf16");
    case FERRY_ROOF_INT8_512: return !!__builtin_cpu_supports("avx512vnni");
    default: return 0;
    }
}

int64_t ferry_roof_arithmetic(int32_t kind, int64_t turns) {
    static int64_t (*const loops[FERRY_ROOF_KINDS])(int64_t) = {
        f32_128, f32_256, f32_512, bf16_512, int8_512,
    };
    return ferry_roof_exists(kind) ? loops[kind](turns) : 0;
}

#else

typedef float four __attribute__((vector_size(16)));
#undef HIDE
#define HIDE(value) __asm__ volatile("" : "+w"(value))

LOOP(f32_128, , four, (four){0}, sums[i] += one * other, 8)

int32_t ferry_roof_exists(int32_t kind) { return kind == FERRY_ROOF_F32_128; }

int64_t ferry_roof_arithmetic(int32_t kind, int64_t turns) {
    return ferry_roof_exists(kind) ? f32_128(turns) : 0;
}

#endif
