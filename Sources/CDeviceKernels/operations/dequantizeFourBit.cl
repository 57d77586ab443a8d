// output[i] = the decoded element i of NF4 or FP4 weights, rounded once more to OUTPUT (f16 or bf16): the
// bytes of dequantize.cl, a run of sixteen elements a thread, 32 bytes of output.
//
// A nibble is one look-up in a table of 16 values that each of 32 lanes has its own copy of, in a bank of
// its own: 16 of them and about as many multiplications and twice as many integer instructions a run
// keep up with device memory, which takes 41 bytes a run.

#define COPIES 32
#define PACK_f16(low, high) PACK_F16(low, high)
#define PACK_bf16(low, high) PACK_BF16(low, high)
#define PACK(low, high) PASTE(PACK_, OUTPUT)(low, high)

// Element i of the eight in a word, the high nibble of a byte first; scaled.
#define ELEMENT(word, i) \
  MUL_RN(table[((word) >> (8 * ((i) / 2) + 4 - (i) % 2 * 4) & 15u) * COPIES + copy], scale)
// Elements i, i + 1 of them.
#define PAIR(word, i) PACK(ELEMENT(word, i), ELEMENT(word, (i) + 1))

KERNEL void dequantize_four_bit(WEIGHT_PARAMETERS, uint code, uint nested, BUFFER(output),
                                ulong runs) {
  LOCAL float table[16 * COPIES];
  DECLARE_WEIGHT(w)
  for (uint i = LOCAL_ID(0); i < 16 * COPIES; i += GROUP_SIZE(0)) {
    uint nibble = i / COPIES;
    table[i] = code == 0 ? nf4_pairs[2 * nibble + 1] : fp4_pairs[2 * nibble + 1];
  }
  BARRIER();
  ulong run = FLAT_INDEX;
  if (run < runs) {
    uint copy = LOCAL_ID(0) % COPIES;
    uint2 words = ((GLOBAL const uint2 *)w.payload)[run];
    ulong block = 16 * run >> w.block_shift;
    float scale = nested != 0 ? nested_absmax_of(&w, block) : absmax_of(&w, block);
    GLOBAL bytes16 *out = TYPED(bytes16, output) + 2 * run;
    bytes16 eight;
    eight.x = PAIR(words.x, 0), eight.y = PAIR(words.x, 2);
    eight.z = PAIR(words.x, 4), eight.w = PAIR(words.x, 6);
    out[0] = eight;
    eight.x = PAIR(words.y, 0), eight.y = PAIR(words.y, 2);
    eight.z = PAIR(words.y, 4), eight.w = PAIR(words.y, 6);
    out[1] = eight;
  }
}
