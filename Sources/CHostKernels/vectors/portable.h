// Four lanes in the compiler's own vectors: SSE2 on x86-64, NEON on aarch64.

#define W 4

// Tiles of products that fit the registers: rows of weights by rows of activations.
#define FEW_MOST 4
#define PANEL_VECTORS 2
#define PANEL_WEIGHTS 4

typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));
typedef struct { const float *codes; } vtable;

INLINE vf v_set1(float x) { return (vf){x, x, x, x}; }
INLINE vf v_load(const void *p) { vf v; memcpy(&v, p, sizeof v); return v; }
INLINE void v_store(void *p, vf v) { memcpy(p, &v, sizeof v); }
INLINE vf v_mul(vf a, vf b) { return a * b; }
INLINE vf v_add(vf a, vf b) { return a + b; }
INLINE vf v_sub(vf a, vf b) { return a - b; }
INLINE vf v_div(vf a, vf b) { return a / b; }
INLINE vf v_fma(vf a, vf b, vf c) { return a * b + c; }
INLINE vi v_bits(vf a) { return (vi)a; }
INLINE vf v_select(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }
INLINE vf v_max(vf a, vf b) { return v_select(a > b, a, b); }
INLINE vf v_min(vf a, vf b) { return v_select(a < b, a, b); }
// x where a > b, else y.
INLINE vf v_select_above(vf a, vf b, vf x, vf y) { return v_select(a > b, x, y); }
INLINE vi v_abs_bits(vf a) { return (vi)a & 0x7fffffff; }
INLINE vi v_imax(vi a, vi b) { vi m = a > b; return (m & a) | (~m & b); }
INLINE vi v_izero(void) { return (vi){0, 0, 0, 0}; }
INLINE int32_t v_imax_lanes(vi a) {
    int32_t m = a[0];
    for (int i = 1; i < W; i++) m = a[i] > m ? a[i] : m;
    return m;
}
// Four vectors: the four sums over their lanes, as v_sum's.
INLINE void v_sums(const vf *a, float *sums, int64_t stride) {
    for (int i = 0; i < 4; i++) sums[i * stride] = (a[i][0] + a[i][2]) + (a[i][1] + a[i][3]);
}
// W rows become columns.
INLINE void v_transpose(vf *rows) {
    vf t[W];
    for (int i = 0; i < W; i++) t[i] = (vf){rows[0][i], rows[1][i], rows[2][i], rows[3][i]};
    for (int i = 0; i < W; i++) rows[i] = t[i];
}
INLINE float v_sum(vf a) { return (a[0] + a[2]) + (a[1] + a[3]); }
INLINE float v_max_lanes(vf a) {
    float m = a[0];
    for (int i = 1; i < W; i++) m = a[i] > m ? a[i] : m;
    return m;
}
// The number of each lane.
INLINE vf v_numbers(void) { return (vf){0, 1, 2, 3}; }
INLINE int32_t v_isum(vi a) { return a[0] + a[1] + a[2] + a[3]; }

// Nearest integers of |a| < 2^22, ties to even.
INLINE vf v_round(vf a) {
    vf magic = v_set1(0x1.8p23f);
    return (a + magic) - magic;
}
// a * 2^n for whole n in -126...127.
INLINE vf v_scale(vf a, vf n) {
    vi e = __builtin_convertvector(n, vi);
    return a * (vf)((e + 127) << 23);
}

INLINE vf v_load_bf16(const void *p) {
    uint16_t h[W];
    memcpy(h, p, sizeof h);
    vi v = {h[0], h[1], h[2], h[3]};
    return (vf)(v << 16);
}
INLINE vf v_load_f16(const void *p) {
    uint16_t h[W];
    memcpy(h, p, sizeof h);
    return (vf){half_to_float(h[0]), half_to_float(h[1]), half_to_float(h[2]), half_to_float(h[3])};
}
INLINE void v_store_bf16(void *p, vf a) {
    uint16_t h[W];
    for (int i = 0; i < W; i++) h[i] = float_to_bfloat(a[i]);
    memcpy(p, h, sizeof h);
}
INLINE void v_store_f16(void *p, vf a) {
    uint16_t h[W];
    for (int i = 0; i < W; i++) h[i] = float_to_half(a[i]);
    memcpy(p, h, sizeof h);
}
INLINE vf v_load_i8(const void *p) {
    int8_t c[W];
    memcpy(c, p, sizeof c);
    return (vf){c[0], c[1], c[2], c[3]};
}

INLINE vtable v_table(const float *codes) { return (vtable){codes}; }

// The codes times one number.
typedef struct { float codes[16]; } vscaled;
INLINE vscaled v_scaled(vtable t, float scale) {
    vscaled s;
    for (int i = 0; i < 16; i += W) v_store(s.codes + i, v_load(t.codes + i) * scale);
    return s;
}
// Vector `step` of a group of 64 codes: lane i has position p = W step + i, nibble p / 8 (from the low
// end) of 32-bit word p % 8, which is element 8 (p % 8) + (p / 8 ^ 1).
INLINE vf v_group(const void *bytes, const int step, vscaled t) {
    uint32_t words[W];
    memcpy(words, (const char *)bytes + step % 2 * 16, sizeof words);
    vf v;
    for (int i = 0; i < W; i++) v[i] = t.codes[words[i] >> (4 * (step / 2)) & 15];
    return v;
}
// `low` where vector `step` of a group has elements below 32, `high` elsewhere.
INLINE vf v_group_halves(float low, float high, const int step) {
    return v_set1(step % 2 ? high : low);
}
// The codes of W nibbles in element order.
INLINE vf v_nibbles(const uint8_t *p, vtable t) {
    return (vf){t.codes[p[0] >> 4], t.codes[p[0] & 15], t.codes[p[1] >> 4], t.codes[p[1] & 15]};
}

typedef vi vdot;
// 2 W codes of a weight.
INLINE vdot v_load_codes(const int8_t *p) { vdot v; memcpy(&v, p, 2 * W); return v; }
// sum + products of codes of a weight with as many others.
INLINE vi v_dot(vi sum, vdot weights, const int16_t *codes) {
    int8_t w[2 * W];
    memcpy(w, &weights, sizeof w);
    for (int i = 0; i < W; i++) sum[i] += w[i] * codes[i] + w[i + W] * codes[i + W];
    return sum;
}

#include "fourlanes.h"
