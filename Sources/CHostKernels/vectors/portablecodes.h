// Codes in four lanes of the compiler's own vectors: nearest codes of numbers, numbers of codes.

typedef struct { const float *midpoints; const uint8_t *codes; } vranks;

INLINE vranks v_ranks(const float *midpoints, const uint8_t *codes) {
    return (vranks){midpoints, codes};
}
// The codes of 2 W lanes in -1...1, in their order: how many of 15 midpoints lie below says which.
typedef struct { uint8_t codes[2 * W]; } vwords;
INLINE vwords v_codes(vf a, vf b, const vranks *t) {
    vi first = v_izero(), second = v_izero();
    for (int i = 0; i < 15; i++) {
        first -= a > v_set1(t->midpoints[i]);
        second -= b > v_set1(t->midpoints[i]);
    }
    vwords words;
    for (int i = 0; i < W; i++) {
        words.codes[i] = t->codes[first[i]];
        words.codes[i + W] = t->codes[second[i]];
    }
    return words;
}
// W bytes of two nibbles.
INLINE void v_store_nibbles(uint8_t *p, vwords words) {
    for (int i = 0; i < W; i++) p[i] = (uint8_t)(words.codes[2 * i] << 4 | words.codes[2 * i + 1]);
}
// The nearest whole numbers, in -128...127.
INLINE void v_store_i8(int8_t *p, vf a) {
    a = v_round(a);
    for (int i = 0; i < W; i++) p[i] = (int8_t)a[i];
}
// Those of 4 W lanes in their order.
INLINE vi v_whole_bytes(const vf *a) {
    int8_t codes[4 * W];
    for (int i = 0; i < 4; i++) v_store_i8(codes + i * W, a[i]);
    vi bytes;
    memcpy(&bytes, codes, sizeof bytes);
    return bytes;
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
INLINE void v_look_up(const uint8_t *nibbles, vhalves t, vi *numbers) {
    uint16_t halves[32];
    for (int i = 0; i < 16; i++) {
        halves[2 * i] = t[nibbles[i] >> 4];
        halves[2 * i + 1] = t[nibbles[i] & 15];
    }
    memcpy(numbers, halves, sizeof halves);
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
