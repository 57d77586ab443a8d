// Four lanes of NEON on aarch64, where every processor has it, with its conversions of f16.

#define W 4
#define FEW_MOST 4
#define PANEL_VECTORS 2
#define PANEL_WEIGHTS 8

typedef float32x4_t vf;
typedef int32x4_t vi;
typedef uint8x16x4_t vtable;  // 16 codes, byte by byte

INLINE vf v_set1(float x) { return vdupq_n_f32(x); }
INLINE vf v_load(const void *p) { vf v; memcpy(&v, p, sizeof v); return v; }
INLINE void v_store(void *p, vf v) { memcpy(p, &v, sizeof v); }
INLINE vf v_mul(vf a, vf b) { return vmulq_f32(a, b); }
INLINE vf v_add(vf a, vf b) { return vaddq_f32(a, b); }
INLINE vf v_sub(vf a, vf b) { return vsubq_f32(a, b); }
INLINE vf v_div(vf a, vf b) { return vdivq_f32(a, b); }
INLINE vf v_fma(vf a, vf b, vf c) { return vfmaq_f32(c, a, b); }
// x where a > b, else y.
INLINE vf v_select_above(vf a, vf b, vf x, vf y) { return vbslq_f32(vcgtq_f32(a, b), x, y); }
// NEON's own maximum is NaN if either is; here the second operand is what a comparison with NaN gives.
INLINE vf v_max(vf a, vf b) { return v_select_above(a, b, a, b); }
INLINE vf v_min(vf a, vf b) { return v_select_above(b, a, a, b); }
INLINE vi v_abs_bits(vf a) { return vreinterpretq_s32_f32(vabsq_f32(a)); }
INLINE vi v_imax(vi a, vi b) { return vmaxq_s32(a, b); }
INLINE vi v_izero(void) { return vdupq_n_s32(0); }
INLINE int32_t v_imax_lanes(vi a) { return vmaxvq_s32(a); }
INLINE float v_sum(vf a) { return vaddvq_f32(a); }
INLINE void v_sums(const vf *a, float *sums, int64_t stride) {
    for (int i = 0; i < 4; i++) sums[i * stride] = v_sum(a[i]);
}
INLINE void v_transpose(vf *rows) {
    float32x4x2_t low = vtrnq_f32(rows[0], rows[1]), high = vtrnq_f32(rows[2], rows[3]);
    rows[0] = vcombine_f32(vget_low_f32(low.val[0]), vget_low_f32(high.val[0]));
    rows[1] = vcombine_f32(vget_low_f32(low.val[1]), vget_low_f32(high.val[1]));
    rows[2] = vcombine_f32(vget_high_f32(low.val[0]), vget_high_f32(high.val[0]));
    rows[3] = vcombine_f32(vget_high_f32(low.val[1]), vget_high_f32(high.val[1]));
}
INLINE float v_max_lanes(vf a) { return vmaxnmvq_f32(a); }
// The number of each lane.
INLINE vf v_numbers(void) { return (vf){0, 1, 2, 3}; }
INLINE int32_t v_isum(vi a) { return vaddvq_s32(a); }
INLINE vf v_round(vf a) { return vrndnq_f32(a); }
INLINE vf v_scale(vf a, vf n) {
    vi e = vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127));
    return vmulq_f32(a, vreinterpretq_f32_s32(vshlq_n_s32(e, 23)));
}

INLINE uint16x4_t v_load_halves(const void *p) { uint16x4_t v; memcpy(&v, p, sizeof v); return v; }
INLINE vf v_load_bf16(const void *p) { return vreinterpretq_f32_u32(vshll_n_u16(v_load_halves(p), 16)); }
INLINE vf v_load_f16(const void *p) { return vcvt_f32_f16(vreinterpret_f16_u16(v_load_halves(p))); }
INLINE void v_store_bf16(void *p, vf a) {
    uint32x4_t bits = vreinterpretq_u32_f32(a);
    uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    uint32x4_t up = vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff)));
    uint32x4_t quiet = vorrq_u32(bits, vdupq_n_u32(0x400000));
    uint16x4_t v = vshrn_n_u32(vbslq_u32(vceqq_f32(a, a), up, quiet), 16);
    memcpy(p, &v, sizeof v);
}
INLINE void v_store_f16(void *p, vf a) {
    float16x4_t v = vcvt_f16_f32(a);
    memcpy(p, &v, sizeof v);
}
INLINE vf v_load_i8(const void *p) {
    uint32_t bytes;
    memcpy(&bytes, p, sizeof bytes);
    int16x8_t codes = vmovl_s8(vreinterpret_s8_u32(vdup_n_u32(bytes)));
    return vcvtq_f32_s32(vmovl_s16(vget_low_s16(codes)));
}

INLINE vtable v_table(const float *codes) { return vld1q_u8_x4((const uint8_t *)codes); }
// The codes that the low nibbles of words choose.
INLINE vf v_choose(uint32x4_t words, vtable t) {
    uint32x4_t nibbles = vandq_u32(words, vdupq_n_u32(15));
    uint32x4_t bytes = vmlaq_n_u32(vdupq_n_u32(0x03020100), nibbles, 0x04040404);
    return vreinterpretq_f32_u8(vqtbl4q_u8(t, vreinterpretq_u8_u32(bytes)));
}
typedef vtable vscaled;
INLINE vscaled v_scaled(vtable t, float scale) {
    for (int i = 0; i < 4; i++) {
        t.val[i] = vreinterpretq_u8_f32(vmulq_n_f32(vreinterpretq_f32_u8(t.val[i]), scale));
    }
    return t;
}
INLINE vf v_group(const void *bytes, const int step, vscaled t) {
    uint32x4_t words;
    memcpy(&words, (const char *)bytes + step % 2 * 16, sizeof words);
    return v_choose(vshlq_u32(words, vdupq_n_s32(-4 * (step / 2))), t);
}
INLINE vf v_group_halves(float low, float high, const int step) {
    return v_set1(step % 2 ? high : low);
}
INLINE vf v_nibbles(const uint8_t *p, vtable t) {
    const int32x4_t shifts = {-4, 0, -12, -8};
    return v_choose(vshlq_u32(vdupq_n_u32(p[0] | (uint32_t)p[1] << 8), shifts), t);
}

typedef int16x8_t vdot;
INLINE vdot v_load_codes(const int8_t *p) { return vmovl_s8(vld1_s8(p)); }
INLINE vi v_dot(vi sum, vdot weights, const int16_t *codes) {
    int16x8_t c = vld1q_s16(codes);
    sum = vmlal_s16(sum, vget_low_s16(weights), vget_low_s16(c));
    return vmlal_high_s16(sum, weights, c);
}

#include "fourlanes.h"
