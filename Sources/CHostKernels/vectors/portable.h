// Four lanes in the compiler's own vectors: SSE2 on x86-64, NEON on aarch64.

#define W 4
#define PRODUCT_ROWS 2

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
INLINE float v_sum(vf a) { return (a[0] + a[2]) + (a[1] + a[3]); }
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
INLINE vi v_load_words(const void *p) { vi v; memcpy(&v, p, sizeof v); return v; }
// The first n words; zeros behind them.
INLINE vi v_load_some_words(const void *p, int64_t n) {
    vi v = v_izero();
    memcpy(&v, p, (size_t)(4 * n));
    return v;
}
// Lane j has `low` for j < 8, else `high`.
INLINE vf v_halves(float low, float high) { (void)high; return v_set1(low); }
// The codes of the nibbles at bit `shift` of each word.
INLINE vf v_lookup(vi words, int shift, vtable t) {
    vf v;
    for (int i = 0; i < W; i++) v[i] = t.codes[((uint32_t)words[i] >> shift) & 15];
    return v;
}
// The codes of W nibbles in element order.
INLINE vf v_nibbles(const uint8_t *p, vtable t) {
    return (vf){t.codes[p[0] >> 4], t.codes[p[0] & 15], t.codes[p[1] >> 4], t.codes[p[1] & 15]};
}
INLINE vf v_gather(const float *table, const uint8_t *indices) {
    return (vf){table[indices[0]], table[indices[1]], table[indices[2]], table[indices[3]]};
}
// How many of 15 midpoints lie below each lane.
INLINE vi v_rank(vf a, const float *midpoints) {
    vi rank = v_izero();
    for (int i = 0; i < 15; i++) rank -= a > v_set1(midpoints[i]);
    return rank;
}
INLINE void v_store_u8(uint8_t *p, vi a) {
    for (int i = 0; i < W; i++) p[i] = (uint8_t)a[i];
}

typedef vi vdot;
INLINE vdot v_load_codes(const int8_t *p) { vdot v; memcpy(&v, p, 2 * W); return v; }
// sum += 2 W products of 8-bit and 16-bit codes.
INLINE vi v_dot(vi sum, vdot weights, const int16_t *codes) {
    int8_t w[2 * W];
    memcpy(w, &weights, sizeof w);
    for (int i = 0; i < W; i++) sum[i] += w[i] * codes[i] + w[i + W] * codes[i + W];
    return sum;
}
