// Codes in four lanes of the compiler's own vectors: nearest codes of numbers, numbers of codes.

typedef struct { const float *midpoints; const uint8_t *codes; } vranks;

INLINE vranks v_ranks(const float *midpoints, const uint8_t *codes) {
    return (vranks){midpoints, codes};
}
// The codes of lanes in -1...1: how many of 15 midpoints lie below says which.
INLINE vi v_codes(vf a, vranks t) {
    vi rank = v_izero();
    for (int i = 0; i < 15; i++) rank -= a > v_set1(t.midpoints[i]);
    return (vi){t.codes[rank[0]], t.codes[rank[1]], t.codes[rank[2]], t.codes[rank[3]]};
}
// 2 W neighbours: those at even and those at odd places.
INLINE void v_load_pairs(const void *p, int32_t type, vf *even, vf *odd) {
    const char *next = (const char *)p + (type == FERRY_F32 ? 4 * W : 2 * W);
    vf a = type == FERRY_F32 ? v_load(p) : type == FERRY_F16 ? v_load_f16(p) : v_load_bf16(p);
    vf b = type == FERRY_F32 ? v_load(next) : type == FERRY_F16 ? v_load_f16(next) : v_load_bf16(next);
    *even = (vf){a[0], a[2], b[0], b[2]};
    *odd = (vf){a[1], a[3], b[1], b[3]};
}
// W bytes of two nibbles.
INLINE void v_store_nibbles(uint8_t *p, vi high, vi low) {
    for (int i = 0; i < W; i++) p[i] = (uint8_t)(high[i] << 4 | low[i]);
}
// Whole numbers in -128...127.
INLINE void v_store_i8(int8_t *p, vf a) {
    for (int i = 0; i < W; i++) p[i] = (int8_t)a[i];
}
INLINE vf v_round_f16(vf a) {
    char halves[2 * W];
    v_store_f16(halves, a);
    return v_load_f16(halves);
}
typedef const int32_t *vslots;
INLINE vslots v_slots(const float *midpoints, const int32_t *cells) { return (void)midpoints, cells; }
// The codes of a dynamic 8-bit table for lanes in -1...1.
INLINE void v_store_slots(uint8_t *p, vf a, const vslots *t) {
    const int32_t *cells = *t;
    vi bits = (vi)a;
    for (int i = 0; i < W; i++) {
        int sign = (int)((uint32_t)bits[i] >> 31);
        int32_t u = (bits[i] & 0x7fffffff) + sign, cell = (u >> 17) - FIRST_CELL;
        int32_t entry = cells[cell < 0 ? 0 : cell];
        int steps = (entry >> 18) + ((u & 0x1ffff) > (entry & 0x1ffff));
        p[i] = (uint8_t)(!sign ? 127 + steps : steps > 127 ? 0 : 127 - steps);
    }
}

// The 16-bit numbers of 32 nibbles in element order.
typedef const uint16_t *vhalves;
INLINE vhalves v_halves_table(const uint16_t *p) { return p; }
INLINE void v_store_looked_up(void *p, const uint8_t *nibbles, vhalves t) {
    for (int i = 0; i < 16; i++) {
        uint16_t pair[2] = {t[nibbles[i] >> 4], t[nibbles[i] & 15]};
        memcpy((char *)p + 4 * i, pair, sizeof pair);
    }
}
// What 8-bit codes of a table stand for.
typedef const float *ventries;
INLINE ventries v_entries(const float *table) { return table; }
#define NUMBERS W
INLINE void v_look_up_entries(const uint8_t *codes, ventries t, vf *numbers) {
    numbers[0] = (vf){t[codes[0]], t[codes[1]], t[codes[2]], t[codes[3]]};
}

// Rows of codes that meet rows of a weight at once, and what is added to a weight's codes.
#define DOT_INPUTS 2
#define DOT_BIAS 0
#define DOT_CODES (2 * W)
typedef int16_t vcode;
// W codes, given as whole numbers.
INLINE void v_store_code(vcode *p, vf a) {
    for (int i = 0; i < W; i++) p[i] = (vcode)a[i];
}
// The sums of the lanes of four vectors.
INLINE void v_store_isums(int32_t *p, const vi *v) {
    for (int i = 0; i < 4; i++) p[i] = v[i][0] + v[i][1] + v[i][2] + v[i][3];
}
