// Weights of every format, decoded. FORMAT names the format; each has two functions:
//
//   value_FORMAT(w, i, row)     element i (flat), which lies in `row`
//   values16_FORMAT(w, i, row)  elements i … i+15 of one row; for formats with blocks, i is a multiple
//                               of 16 and no block ends among them
//
// Both are bit for bit what FerryFormats decodes to f32: one rounded product, in the stated order.

struct weight {
  GLOBAL const uchar *payload;
  GLOBAL const uchar *scales;  // absmax: f32, or codes where nested; a row's absmax of int8 rows
  GLOBAL const float *outer;   // nested absmax
  GLOBAL const float *table;   // 256 values that nested or 8-bit codes stand for
  float offset;                // added to every nested absmax
  uint block;                  // elements a block
  uint block_shift;            // log2 of it, where it is a power of two
};

#define WEIGHT_PARAMETERS \
  BUFFER(payload), BUFFER(scales), BUFFER(outer), BUFFER(table), float offset, uint block, \
      uint block_shift

#define DECLARE_WEIGHT(name)                 \
  struct weight name;                        \
  name.payload = BYTES(payload);             \
  name.scales = BYTES(scales);               \
  name.outer = TYPED(const float, outer);    \
  name.table = TYPED(const float, table);    \
  name.offset = offset;                      \
  name.block = block;                        \
  name.block_shift = block_shift;

#define VALUE(w, i, row) PASTE(value_, FORMAT)(&(w), i, row)
#define VALUES16(w, i, row) PASTE(values16_, FORMAT)(&(w), i, row)
#define WEIGHT const struct weight *w

// MARK: plain

DEVICE float value_f32(WEIGHT, ulong i, uint row) {
  return load_f32(w->payload, i);
}

DEVICE lanes16 values16_f32(WEIGHT, ulong i, uint row) {
  return lanes16_load_f32(w->payload, i);
}

DEVICE float value_f16(WEIGHT, ulong i, uint row) {
  return load_f16(w->payload, i);
}

DEVICE lanes16 values16_f16(WEIGHT, ulong i, uint row) {
  return lanes16_load_f16(w->payload, i);
}

DEVICE float value_bf16(WEIGHT, ulong i, uint row) {
  return load_bf16(w->payload, i);
}

DEVICE lanes16 values16_bf16(WEIGHT, ulong i, uint row) {
  return lanes16_load_bf16(w->payload, i);
}

// MARK: scales of blocks

DEVICE float absmax_of(WEIGHT, ulong block) {
  return load_f32(w->scales, block);
}

// Two roundings: code · outer, then + offset.
DEVICE float nested_absmax_of(WEIGHT, ulong block) {
  return ADD_RN(MUL_RN(w->table[w->scales[block]], w->outer[block >> 8]), w->offset);
}

// MARK: NF4 and FP4, the first element of a byte in the high nibble

// A table of 16 as pairs, so that a byte is one look-up: all pairs with a given first entry, then all.
#define PAIRS_OF(t, a)                                                                          \
  t(a), t(0), t(a), t(1), t(a), t(2), t(a), t(3), t(a), t(4), t(a), t(5), t(a), t(6), t(a), t(7), \
      t(a), t(8), t(a), t(9), t(a), t(10), t(a), t(11), t(a), t(12), t(a), t(13), t(a), t(14), \
      t(a), t(15)
#define PAIRS(t)                                                                        \
  PAIRS_OF(t, 0), PAIRS_OF(t, 1), PAIRS_OF(t, 2), PAIRS_OF(t, 3), PAIRS_OF(t, 4),      \
      PAIRS_OF(t, 5), PAIRS_OF(t, 6), PAIRS_OF(t, 7), PAIRS_OF(t, 8), PAIRS_OF(t, 9),  \
      PAIRS_OF(t, 10), PAIRS_OF(t, 11), PAIRS_OF(t, 12), PAIRS_OF(t, 13), PAIRS_OF(t, 14), \
      PAIRS_OF(t, 15)

#define NF4_0 -1.0f
#define NF4_1 -0.6961928009986877f
#define NF4_2 -0.5250730514526367f
#define NF4_3 -0.39491748809814453f
#define NF4_4 -0.28444138169288635f
#define NF4_5 -0.18477343022823334f
#define NF4_6 -0.09105003625154495f
#define NF4_7 0.0f
#define NF4_8 0.07958029955625534f
#define NF4_9 0.16093020141124725f
#define NF4_10 0.24611230194568634f
#define NF4_11 0.33791524171829224f
#define NF4_12 0.44070982933044434f
#define NF4_13 0.5626170039176941f
#define NF4_14 0.7229568362236023f
#define NF4_15 1.0f
#define NF4(nibble) NF4_##nibble

// Sign, two bits of exponent, one of fraction; nibble 8 is -0.
#define FP4_0 0.0f
#define FP4_1 0.0052083335f
#define FP4_2 0.6666667f
#define FP4_3 1.0f
#define FP4_4 0.33333334f
#define FP4_5 0.5f
#define FP4_6 0.16666667f
#define FP4_7 0.25f
#define FP4_8 -0.0f
#define FP4_9 -0.0052083335f
#define FP4_10 -0.6666667f
#define FP4_11 -1.0f
#define FP4_12 -0.33333334f
#define FP4_13 -0.5f
#define FP4_14 -0.16666667f
#define FP4_15 -0.25f
#define FP4(nibble) FP4_##nibble

CONSTANT float nf4_pairs[512] = {PAIRS(NF4)};
CONSTANT float fp4_pairs[512] = {PAIRS(FP4)};

// The place of element i in a table of pairs: of its byte's pair, the first or the second.
DEVICE uint pair_place(WEIGHT, ulong i) {
  return 2u * w->payload[i >> 1] + (uint)(i & 1);
}

DEVICE float value_nf4(WEIGHT, ulong i, uint row) {
  return MUL_RN(nf4_pairs[pair_place(w, i)], absmax_of(w, i >> w->block_shift));
}

DEVICE lanes16 values16_nf4(WEIGHT, ulong i, uint row) {
  return lanes16_pairs(nf4_pairs, w->payload + (i >> 1)) *
         LANES16(absmax_of(w, i >> w->block_shift));
}

DEVICE float value_nf4_nested(WEIGHT, ulong i, uint row) {
  return MUL_RN(nf4_pairs[pair_place(w, i)], nested_absmax_of(w, i >> w->block_shift));
}

DEVICE lanes16 values16_nf4_nested(WEIGHT, ulong i, uint row) {
  return lanes16_pairs(nf4_pairs, w->payload + (i >> 1)) *
         LANES16(nested_absmax_of(w, i >> w->block_shift));
}

DEVICE float value_fp4(WEIGHT, ulong i, uint row) {
  return MUL_RN(fp4_pairs[pair_place(w, i)], absmax_of(w, i >> w->block_shift));
}

DEVICE lanes16 values16_fp4(WEIGHT, ulong i, uint row) {
  return lanes16_pairs(fp4_pairs, w->payload + (i >> 1)) *
         LANES16(absmax_of(w, i >> w->block_shift));
}

DEVICE float value_fp4_nested(WEIGHT, ulong i, uint row) {
  return MUL_RN(fp4_pairs[pair_place(w, i)], nested_absmax_of(w, i >> w->block_shift));
}

DEVICE lanes16 values16_fp4_nested(WEIGHT, ulong i, uint row) {
  return lanes16_pairs(fp4_pairs, w->payload + (i >> 1)) *
         LANES16(nested_absmax_of(w, i >> w->block_shift));
}

// MARK: LLM.int8 rows: (code · SCB) · 1/127

#define INVERSE_127 0.007874015718698502f

DEVICE float value_int8_rows(WEIGHT, ulong i, uint row) {
  float code = (float)((GLOBAL const signed char *)w->payload)[i];
  return MUL_RN(MUL_RN(code, load_f32(w->scales, row)), INVERSE_127);
}

DEVICE lanes16 values16_int8_rows(WEIGHT, ulong i, uint row) {
  return lanes16_load_i8(w->payload, i) * LANES16(load_f32(w->scales, row)) * LANES16(INVERSE_127);
}

// MARK: dynamic 8-bit blocks

DEVICE float value_dynamic8(WEIGHT, ulong i, uint row) {
  return MUL_RN(w->table[w->payload[i]], absmax_of(w, i / w->block));
}

DEVICE lanes16 values16_dynamic8(WEIGHT, ulong i, uint row) {
  return lanes16_table(w->table, w->payload + i) * LANES16(absmax_of(w, i / w->block));
}
