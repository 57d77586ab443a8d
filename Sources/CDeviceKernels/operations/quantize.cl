// Weights encoded by the one rule of the formats, byte for byte what FerryFormats encodes: every
// operation below is one IEEE rounding. Needs a device that keeps subnormal numbers.
//
// A team of 2^team_shift threads takes a block, or a row: first they find its largest magnitude together,
// then they encode it. A thread takes units of 8 elements that lie a team apart, two at a time; what it
// holds when a block is no longer than that is not loaded again.
//
// Defines: VALUES (the elements' type).

#define INFINITY_BITS 0x7f800000u
#define MAGNITUDE(x) (AS_UINT(x) & 0x7fffffffu)

#define GROUP 256  // threads at most
#define UNIT 8
#define UNIT_WORDS (UNIT * BYTES_OF(VALUES) / 4)
#define HELD 2

struct held_units {
  uint words[HELD][UNIT_WORDS];
};

#define ELEMENT(held, h, i) PASTE(element_, VALUES)((held).words[h], i)

// Elements first … first + 7; those from `end` on are the one before it again.
DEVICE void load_unit(uint *words, GLOBAL const uchar *bytes, ulong first, ulong end) {
  GLOBAL const uchar *place = bytes + first * BYTES_OF(VALUES);
  if (first + UNIT <= end && IS_ALIGNED(place, 16)) {
    load_words(words, place, UNIT * BYTES_OF(VALUES));
  } else {
#if BYTES_OF(VALUES) == 4
    UNROLL
    for (uint i = 0; i < UNIT; i++) words[i] = ((GLOBAL const uint *)bytes)[min(first + i, end - 1)];
#else
    GLOBAL const ushort *halves = (GLOBAL const ushort *)bytes;
    UNROLL
    for (uint i = 0; i < UNIT / 2; i++)
      words[i] = (uint)halves[min(first + 2 * i, end - 1)] |
                 (uint)halves[min(first + 2 * i + 1, end - 1)] << 16;
#endif
  }
}

// Units that lie `apart` units from each other.
DEVICE void load_units(struct held_units *held, GLOBAL const uchar *bytes, ulong first, ulong apart,
                       ulong end) {
  UNROLL
  for (uint h = 0; h < HELD; h++) load_unit(held->words[h], bytes, first + h * apart * UNIT, end);
}

// MARK: what cannot be encoded

// found[2g] = the first index that group g comes across of what is not finite, found[2g + 1] of what is
// finite and has a magnitude whose bits are above `limit`, which is below infinity's; all ones where
// there is none. Groups take turns.
KERNEL void find_invalid(BUFFER(values), BUFFER(found), ulong count, uint limit) {
  LOCAL ulong firsts[2 * GROUP];
  uint thread = LOCAL_ID(0);
  ulong threads = GLOBAL_SIZE(0);
  ulong not_finite = ~(ulong)0;
  ulong too_large = ~(ulong)0;
  for (ulong u = GLOBAL_ID(0); u * UNIT < count; u += HELD * threads) {
    struct held_units held;
    load_units(&held, BYTES(values), u * UNIT, threads, count);
    uint largest = 0;
    UNROLL
    for (uint i = 0; i < HELD * UNIT; i++)
      largest = max(largest, MAGNITUDE(ELEMENT(held, i / UNIT, i % UNIT)));
    if (largest > limit) {
      UNROLL
      for (uint i = 0; i < HELD * UNIT; i++) {
        ulong index = min((u + i / UNIT * threads) * UNIT + i % UNIT, count - 1);
        uint bits = MAGNITUDE(ELEMENT(held, i / UNIT, i % UNIT));
        if (bits >= INFINITY_BITS) {
          not_finite = min(not_finite, index);
        } else if (bits > limit) {
          too_large = min(too_large, index);
        }
      }
    }
  }
  firsts[2 * thread] = not_finite;
  firsts[2 * thread + 1] = too_large;
  BARRIER();
  for (uint step = GROUP_SIZE(0) / 2; step > 0; step /= 2) {
    if (thread < step) {
      firsts[2 * thread] = min(firsts[2 * thread], firsts[2 * (thread + step)]);
      firsts[2 * thread + 1] = min(firsts[2 * thread + 1], firsts[2 * (thread + step) + 1]);
    }
    BARRIER();
  }
  if (thread < 2) TYPED(ulong, found)[2 * GROUP_ID(0) + thread] = firsts[thread];
}

// MARK: blocks and teams

struct team_block {
  ulong index;
  ulong first;   // element
  ulong end;     // no further than first, where there is no such block
  uint thread;   // of the team
  uint threads;
  ulong stride;  // elements from what a thread holds to what it takes next
};

DEVICE struct team_block block_of_team(ulong size, ulong count, uint team_shift) {
  struct team_block b;
  b.threads = 1u << team_shift;
  b.thread = LOCAL_ID(0) & (b.threads - 1);
  b.index = FLAT_INDEX >> team_shift;
  b.first = min(b.index * size, count);
  b.end = min(b.first + size, count);
  b.stride = (ulong)(HELD * UNIT) << team_shift;
  return b;
}

#define FIRST_OF_THREAD(b) ((b).first + (b).thread * UNIT)
#define IS_HELD(b) ((b).end - (b).first <= (b).stride)

// The largest of what a team's threads have found. All threads of a group come here.
DEVICE uint largest_of_team(LOCAL_POINTER uint *shared, uint bits, const struct team_block *b) {
  uint place = LOCAL_ID(0);
  shared[place] = bits;
  BARRIER();
  for (uint step = b->threads / 2; step > 0; step /= 2) {
    if (b->thread < step) shared[place] = max(shared[place], shared[place + step]);
    BARRIER();
  }
  return shared[place - b->thread];
}

// MARK: v = x · fl32(1 / absmax), or x / absmax where absmax is below 2^-126; 0 in a zero block

DEVICE float reciprocal_of(float absmax) {
  return AS_UINT(absmax) < 0x00800000u ? 0.0f : DIV_RN(1.0f, absmax);
}

DEVICE void normalize(float *unit, float absmax, float reciprocal) {
  uint bits = AS_UINT(absmax);
  if (bits != 0 && bits < 0x00800000u) {
    UNROLL
    for (uint i = 0; i < UNIT; i++) unit[i] = DIV_RN(unit[i], absmax);
  } else {
    UNROLL
    for (uint i = 0; i < UNIT; i++) unit[i] = MUL_RN(unit[i], reciprocal);
  }
}

// MARK: NF4 and FP4

// Between neighbours of the tables in value order lies (a + b) / 2 in f32; only what is strictly greater
// takes the larger value. -17/16 … 17/16 is cut into 34 cells with at most one such midpoint each: a pair
// of the midpoint, and the lower nibble and 16 times the upper one.
#define CELLS 34
#define CELL_COPIES 16
#define BETWEEN(table, a, b) (table##_##a + table##_##b) * 0.5f, (float)((a) + 16 * (b))
#define ALL(a) 2.0f, (float)((a) + 16 * (a))

#define NF4_BETWEEN(a, b) BETWEEN(NF4, a, b)
CONSTANT float nf4_cells[2 * CELLS] = {
    ALL(0), ALL(0), ALL(0), NF4_BETWEEN(0, 1), ALL(1), ALL(1), ALL(1), NF4_BETWEEN(1, 2), ALL(2),
    NF4_BETWEEN(2, 3), ALL(3), NF4_BETWEEN(3, 4), ALL(4), NF4_BETWEEN(4, 5), NF4_BETWEEN(5, 6),
    ALL(6), NF4_BETWEEN(6, 7), NF4_BETWEEN(7, 8), NF4_BETWEEN(8, 9), ALL(9), NF4_BETWEEN(9, 10),
    NF4_BETWEEN(10, 11), ALL(11), NF4_BETWEEN(11, 12), ALL(12), NF4_BETWEEN(12, 13), ALL(13),
    NF4_BETWEEN(13, 14), ALL(14), ALL(14), NF4_BETWEEN(14, 15), ALL(15), ALL(15), ALL(15)};

// The nibbles by value: 11 is -1, 0 is zero of either sign (8 is never emitted), 3 is 1.
#define FP4_BETWEEN(a, b) BETWEEN(FP4, a, b)
CONSTANT float fp4_cells[2 * CELLS] = {
    ALL(11), ALL(11), ALL(11), FP4_BETWEEN(11, 10), ALL(10), ALL(10), ALL(10), FP4_BETWEEN(10, 13),
    ALL(13), ALL(13), FP4_BETWEEN(13, 12), ALL(12), FP4_BETWEEN(12, 15), FP4_BETWEEN(15, 14),
    ALL(14), FP4_BETWEEN(14, 9), FP4_BETWEEN(9, 0), FP4_BETWEEN(0, 1), FP4_BETWEEN(1, 6), ALL(6),
    FP4_BETWEEN(6, 7), FP4_BETWEEN(7, 4), ALL(4), FP4_BETWEEN(4, 5), ALL(5), ALL(5),
    FP4_BETWEEN(5, 2), ALL(2), ALL(2), ALL(2), FP4_BETWEEN(2, 3), ALL(3), ALL(3), ALL(3)};

DEVICE void fill_cells(LOCAL_POINTER uint2 *cells, uint is_fp4) {
  CONSTANT_POINTER const float *pairs = is_fp4 != 0 ? fp4_cells : nf4_cells;
  for (uint i = LOCAL_ID(0); i < CELLS * CELL_COPIES; i += GROUP_SIZE(0)) {
    uint2 cell;
    cell.x = AS_UINT(pairs[i / CELL_COPIES * 2]);
    cell.y = (uint)pairs[i / CELL_COPIES * 2 + 1];
    cells[i] = cell;
  }
}

// 12582912 is 1.5 · 2^23: what is added to it is rounded to a whole number, in its lowest bits. All steps
// are monotonic, so a cell has a midpoint exactly where the midpoint itself comes to that cell.
DEVICE uint nearest_nibble(LOCAL_POINTER const uint2 *cells, float v) {
  uint cell = AS_UINT(ADD_RN(fma(v, 16.0f, -0.5f), 12582912.0f + 17.0f)) - 0x4b400000u;
  uint2 found = cells[cell * CELL_COPIES + LOCAL_ID(0) % CELL_COPIES];
  return v > AS_FLOAT(found.x) ? found.y >> 4 : found.y & 15u;
}

// Stores the nibbles of elements first … first + 7, but for those from `end` on: a block of an even number
// of elements is whole bytes; after an odd last element comes the nibble of 0.
DEVICE void store_nibbles(GLOBAL uchar *payload, uint word, ulong first, ulong end, uint nibble_of_0) {
  GLOBAL uchar *out = payload + first / 2;
  if (first + UNIT <= end && IS_ALIGNED(out, 4)) {
    *(GLOBAL uint *)out = word;
  } else {
    for (uint e = 0; e < UNIT && first + e < end; e += 2) {
      uint both = word >> (4 * e);
      out[e / 2] = (uchar)(first + e + 1 < end ? both : (both & 0xf0u) | nibble_of_0);
    }
  }
}

KERNEL void encode_four_bit(BUFFER(values), BUFFER(payload), BUFFER(absmax), ulong count,
                            uint block, uint team_shift, uint is_fp4) {
  LOCAL uint shared[GROUP];
  LOCAL uint2 cells[CELLS * CELL_COPIES];
  struct team_block b = block_of_team(block, count, team_shift);
  struct held_units held;
  uint bits = 0;
  for (ulong i = FIRST_OF_THREAD(b); i < b.end; i += b.stride) {
    load_units(&held, BYTES(values), i, b.threads, b.end);
    UNROLL
    for (uint e = 0; e < HELD * UNIT; e++)
      bits = max(bits, MAGNITUDE(ELEMENT(held, e / UNIT, e % UNIT)));
  }
  fill_cells(cells, is_fp4);
  float largest = AS_FLOAT(largest_of_team(shared, bits, &b));
  float reciprocal = reciprocal_of(largest);
  if (b.thread == 0 && b.first < b.end) TYPED(float, absmax)[b.index] = largest;
  for (ulong i = FIRST_OF_THREAD(b); i < b.end; i += b.stride) {
    if (!IS_HELD(b)) load_units(&held, BYTES(values), i, b.threads, b.end);
    UNROLL
    for (uint h = 0; h < HELD; h++) {
      float unit[UNIT];
      UNROLL
      for (uint e = 0; e < UNIT; e++) unit[e] = ELEMENT(held, h, e);
      normalize(unit, largest, reciprocal);
      uint word = 0;
      UNROLL
      for (uint e = 0; e < UNIT; e++)
        word |= nearest_nibble(cells, unit[e]) << (8 * (e / 2) + 4 - e % 2 * 4);
      store_nibbles(BYTES(payload), word, i + h * b.threads * UNIT, b.end, nearest_nibble(cells, 0.0f));
    }
  }
}

// MARK: codes of a byte

// Stores the codes of elements first … first + 7, but for those from `end` on.
DEVICE void store_codes(GLOBAL uchar *codes, const uint *words, ulong first, ulong end) {
  GLOBAL uchar *out = codes + first;
  if (first + UNIT <= end && IS_ALIGNED(out, 8)) {
    uint2 both;
    both.x = words[0];
    both.y = words[1];
    *(GLOBAL uint2 *)out = both;
  } else {
    UNROLL
    for (uint e = 0; e < UNIT; e++) {
      if (first + e < end) out[e] = (uchar)(words[e / 4] >> (8 * (e % 4)));
    }
  }
}

// MARK: dynamic 8-bit blocks, and the nested statistics of 4-bit weights

// The f32 midpoints of an ascending table of 256 as a search tree: below node n are 2n and 2n + 1. The
// upper levels, where all threads look, lie in banks of their own.
DEVICE void fill_tree(LOCAL_POINTER float *tree, GLOBAL const float *table) {
  for (uint node = LOCAL_ID(0); node < 256; node += GROUP_SIZE(0)) {
    uint i = node == 0 ? 0 : ((2 * node + 1) << (clz(node) - 24)) - 257;
    tree[node] = ADD_RN(table[i], table[i + 1]) * 0.5f;
  }
}

// The nearest entry; a tie takes the smaller.
DEVICE uint nearest_of_tree(LOCAL_POINTER const float *tree, float v) {
  uint node = 1;
  UNROLL
  for (uint level = 0; level < 8; level++) node = 2 * node + (uint)(v > tree[node]);
  return node - 256;
}

// Codes of x − offset, the difference rounded.
KERNEL void encode_dynamic8(BUFFER(values), BUFFER(payload), BUFFER(absmax), BUFFER(table),
                            ulong count, uint block, uint team_shift, float offset) {
  LOCAL uint shared[GROUP];
  LOCAL float tree[256];
  struct team_block b = block_of_team(block, count, team_shift);
  struct held_units held;
  uint bits = 0;
  for (ulong i = FIRST_OF_THREAD(b); i < b.end; i += b.stride) {
    load_units(&held, BYTES(values), i, b.threads, b.end);
    UNROLL
    for (uint e = 0; e < HELD * UNIT; e++)
      bits = max(bits, MAGNITUDE(SUB_RN(ELEMENT(held, e / UNIT, e % UNIT), offset)));
  }
  fill_tree(tree, TYPED(const float, table));
  float largest = AS_FLOAT(largest_of_team(shared, bits, &b));
  float reciprocal = reciprocal_of(largest);
  if (b.thread == 0 && b.first < b.end) TYPED(float, absmax)[b.index] = largest;
  for (ulong i = FIRST_OF_THREAD(b); i < b.end; i += b.stride) {
    if (!IS_HELD(b)) load_units(&held, BYTES(values), i, b.threads, b.end);
    UNROLL
    for (uint h = 0; h < HELD; h++) {
      float unit[UNIT];
      UNROLL
      for (uint e = 0; e < UNIT; e++) unit[e] = SUB_RN(ELEMENT(held, h, e), offset);
      normalize(unit, largest, reciprocal);
      uint codes[2] = {0, 0};
      UNROLL
      for (uint e = 0; e < UNIT; e++)
        codes[e / 4] |= nearest_of_tree(tree, unit[e]) << (8 * (e % 4));
      store_codes(BYTES(payload), codes, i + h * b.threads * UNIT, b.end);
    }
  }
}

// MARK: LLM.int8 rows

// An element rounded to f16.
#define ROUNDED_f16(x) (x)
#define ROUNDED_f32(x) half_to_float(float_to_half(x))
#define ROUNDED_bf16(x) half_to_float(float_to_half(x))
#define ROUNDED(x) PASTE(ROUNDED_, VALUES)(x)

// The elements are rounded to f16 first; code = b · fl32(127 / SCB) to an integer, ties to even, which
// the sum with 1.5 · 2^23 has in its lowest bits.
KERNEL void encode_int8_rows(BUFFER(values), BUFFER(payload), BUFFER(absmax), ulong rows,
                             ulong columns, uint team_shift) {
  LOCAL uint shared[GROUP];
  struct team_block b = block_of_team(columns, rows * columns, team_shift);
  struct held_units held;
  uint bits = 0;
  for (ulong i = FIRST_OF_THREAD(b); i < b.end; i += b.stride) {
    load_units(&held, BYTES(values), i, b.threads, b.end);
    UNROLL
    for (uint e = 0; e < HELD * UNIT; e++)
      bits = max(bits, MAGNITUDE(ELEMENT(held, e / UNIT, e % UNIT)));
  }
  // Rounding is monotonic: the largest element rounds to the largest rounded one.
  float largest = ROUNDED(AS_FLOAT(largest_of_team(shared, bits, &b)));
  float scale = largest == 0.0f ? 0.0f : DIV_RN(127.0f, largest);
  if (b.thread == 0 && b.index < rows) TYPED(float, absmax)[b.index] = largest;
  for (ulong i = FIRST_OF_THREAD(b); i < b.end; i += b.stride) {
    if (!IS_HELD(b)) load_units(&held, BYTES(values), i, b.threads, b.end);
    UNROLL
    for (uint h = 0; h < HELD; h++) {
      uint codes[2] = {0, 0};
      UNROLL
      for (uint e = 0; e < UNIT; e++) {
        float product = MUL_RN(ROUNDED(ELEMENT(held, h, e)), scale);
        codes[e / 4] |= (AS_UINT(ADD_RN(product, 12582912.0f)) & 255u) << (8 * (e % 4));
      }
      store_codes(BYTES(payload), codes, i + h * b.threads * UNIT, b.end);
    }
  }
}
