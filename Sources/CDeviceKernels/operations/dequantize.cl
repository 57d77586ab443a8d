// output[i] = the decoded element i, rounded once more where the output is f16 or bf16.
//
// A unit is 16 bytes of output: 4 or 8 elements. A thread takes 32 elements, in units that lie a group of
// threads apart, and loads them all before it decodes the first. Codes are looked up in local memory: of
// 16 values each of 32 lanes has a copy in a bank of its own, a copy of 256 is for every eighth lane.
// What is not a whole aligned unit of one finite scale is decoded an element at a time.
//
// Defines: FORMAT, OUTPUT.

#define PLAIN 0
#define NIBBLES 1
#define NESTED_NIBBLES 2
#define ROW_CODES 3
#define BLOCK_CODES 4

#define KIND_f32 PLAIN
#define KIND_f16 PLAIN
#define KIND_bf16 PLAIN
#define KIND_nf4 NIBBLES
#define KIND_nf4_nested NESTED_NIBBLES
#define KIND_fp4 NIBBLES
#define KIND_fp4_nested NESTED_NIBBLES
#define KIND_int8_rows ROW_CODES
#define KIND_dynamic8 BLOCK_CODES
#define KIND PASTE(KIND_, FORMAT)

#define UNIT (16 / BYTES_OF(OUTPUT))
#define UNITS (32 / UNIT)
#if KIND == PLAIN
#define UNIT_BYTES (UNIT * BYTES_OF(FORMAT))
#elif KIND == NIBBLES || KIND == NESTED_NIBBLES
#define UNIT_BYTES (UNIT / 2)
#else
#define UNIT_BYTES UNIT
#endif
#define UNIT_WORDS ((UNIT_BYTES + 3) / 4)

// MARK: a unit's scale

// The index of the scale of elements i … i + UNIT - 1; all ones where they have several.
DEVICE ulong scale_index(WEIGHT, ulong i, ulong count, ulong columns) {
#if KIND == PLAIN
  return 0;
#elif KIND == NIBBLES || KIND == NESTED_NIBBLES
  return i >> w->block_shift;
#else
  ulong size = KIND == ROW_CODES ? columns : w->block;
  ulong index = quotient(i, size, count);
  return i - index * size + UNIT <= size ? index : ~(ulong)0;
#endif
}

DEVICE float scale_at(WEIGHT, ulong index) {
#if KIND == PLAIN
  return 1.0f;
#elif KIND == NESTED_NIBBLES
  return nested_absmax_of(w, index);
#else
  return absmax_of(w, index);
#endif
}

// MARK: a unit's elements

#if KIND == NIBBLES || KIND == NESTED_NIBBLES
#define ENTRIES 16
#define COPIES 32
#define PAIRS_nf4 nf4_pairs
#define PAIRS_nf4_nested nf4_pairs
#define PAIRS_fp4 fp4_pairs
#define PAIRS_fp4_nested fp4_pairs
#define ENTRY(i) PASTE(PAIRS_, FORMAT)[2 * (i) + 1]
#define ELEMENT(words, i, scale) MUL_RN(table[nibble_of(words, i) * COPIES + copy], scale)
#elif KIND == BLOCK_CODES
#define ENTRIES 256
#define COPIES 8
#define ENTRY(i) w.table[i]
#define ELEMENT(words, i, scale) MUL_RN(table[byte_of(words, i) * COPIES + copy], scale)
#elif KIND == ROW_CODES
#define ELEMENT(words, i, scale) \
  MUL_RN(MUL_RN((float)(signed char)byte_of(words, i), scale), INVERSE_127)
#else
#define ELEMENT(words, i, scale) PASTE(element_, FORMAT)(words, i)
#endif

// Two elements in a word; plain ones may be NaN, whose bits are kept.
#define WORD_f16(low, high) PACK_F16(low, high)
#if KIND == PLAIN
#define WORD_bf16(low, high) ((uint)float_to_bf16(low) | (uint)float_to_bf16(high) << 16)
#else
#define WORD_bf16(low, high) PACK_BF16(low, high)
#endif

// Word i of a unit of output.
#if UNIT == 4
#define OUTPUT_WORD(words, i, scale) AS_UINT(ELEMENT(words, i, scale))
#else
#define OUTPUT_WORD(words, i, scale) \
  PASTE(WORD_, OUTPUT)(ELEMENT(words, 2 * (i), scale), ELEMENT(words, 2 * (i) + 1, scale))
#endif

// MARK: the kernel

KERNEL void dequantize(WEIGHT_PARAMETERS, BUFFER(output), ulong count, ulong columns) {
  DECLARE_WEIGHT(w)
#ifdef ENTRIES
  LOCAL float table[ENTRIES * COPIES];
  for (uint i = LOCAL_ID(0); i < ENTRIES * COPIES; i += GROUP_SIZE(0)) table[i] = ENTRY(i / COPIES);
  BARRIER();
  uint copy = LOCAL_ID(0) % COPIES;
#endif
  GLOBAL uchar *out = BYTES(output);
  bool is_aligned = IS_ALIGNED(out, 16) && IS_ALIGNED(w.payload, UNIT_BYTES < 16 ? UNIT_BYTES : 16);
  ulong start = (FLAT_INDEX - LOCAL_ID(0)) * (UNITS * UNIT) + LOCAL_ID(0) * UNIT;
  ulong stride = GROUP_SIZE(0) * UNIT;

  uint words[UNITS][UNIT_WORDS];
  float scales[UNITS];
  bool is_whole[UNITS];
  UNROLL
  for (uint u = 0; u < UNITS; u++) {
    ulong i = start + u * stride;
    is_whole[u] = is_aligned && i + UNIT <= count;
    if (is_whole[u]) {
      load_words(words[u], w.payload + i * UNIT_BYTES / UNIT, UNIT_BYTES);
      ulong index = scale_index(&w, i, count, columns);
      is_whole[u] = index != ~(ulong)0;
      scales[u] = is_whole[u] ? scale_at(&w, index) : 0.0f;
    }
  }
  UNROLL
  for (uint u = 0; u < UNITS; u++) {
    ulong i = start + u * stride;
    if (is_whole[u] && (AS_UINT(scales[u]) & 0x7fffffffu) < 0x7f800000u) {
      uint4 unit;
      unit.x = OUTPUT_WORD(words[u], 0, scales[u]);
      unit.y = OUTPUT_WORD(words[u], 1, scales[u]);
      unit.z = OUTPUT_WORD(words[u], 2, scales[u]);
      unit.w = OUTPUT_WORD(words[u], 3, scales[u]);
      *(GLOBAL uint4 *)(out + i * BYTES_OF(OUTPUT)) = unit;
    } else {
#pragma unroll 1
      for (ulong e = i; e < min(i + UNIT, count); e++)
        STORE(OUTPUT, out, e, VALUE(w, e, (uint)quotient(e, columns, count)));
    }
  }
}
