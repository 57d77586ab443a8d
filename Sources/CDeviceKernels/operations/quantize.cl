// Weights encoded by the one rule of the formats, byte for byte what FerryFormats encodes: every
// operation below is one IEEE rounding. A thread takes a block (or a row, or a pair of elements).
// Needs a device that keeps subnormal numbers.
//
// Defines: VALUES (the elements' type), and OUTPUT (only for convert in elementwise.cl).

#define INFINITY_BITS 0x7f800000u
#define MAGNITUDE(x) (AS_UINT(x) & 0x7fffffffu)

// MARK: what cannot be encoded

// found[2t] = the first index in run t of what is not finite, found[2t + 1] of what is finite and has
// a magnitude whose bits are above `limit`; all ones where there is none. A thread takes a run.
KERNEL void find_invalid(BUFFER(values), BUFFER(found), ulong count, ulong run, uint limit) {
  ulong t = GLOBAL_ID(0);
  ulong first = min(t * run, count);
  ulong end = min(first + run, count);
  ulong none = ~(ulong)0;
  ulong not_finite = none;
  ulong too_large = none;
  for (ulong i = first; i < end; i++) {
    uint bits = MAGNITUDE(LOAD(VALUES, BYTES(values), i));
    if (bits >= INFINITY_BITS) {
      not_finite = min(not_finite, i);
    } else if (bits > limit) {
      too_large = min(too_large, i);
    }
  }
  TYPED(ulong, found)[2 * t] = not_finite;
  TYPED(ulong, found)[2 * t + 1] = too_large;
}

// MARK: v = x · fl32(1 / absmax), or x / absmax where absmax is below 2^-126; 0 in a zero block

DEVICE float reciprocal_of(float absmax) {
  return AS_UINT(absmax) < 0x00800000u ? 0.0f : DIV_RN(1.0f, absmax);
}

DEVICE float normalized(float value, float absmax, float reciprocal) {
  uint bits = AS_UINT(absmax);
  if (bits != 0 && bits < 0x00800000u) return DIV_RN(value, absmax);
  return MUL_RN(value, reciprocal);
}

// MARK: NF4 and FP4

// Thresholds between neighbours of the tables in value order: (a + b) / 2 in f32. Only what is
// strictly greater takes the larger value.
#define MIDPOINT(a, b) (((a) + (b)) * 0.5f)
#define MIDPOINT_NF4(a, b) MIDPOINT(NF4_##a, NF4_##b)
#define MIDPOINT_FP4(a, b) MIDPOINT(FP4_##a, FP4_##b)

CONSTANT float nf4_midpoints[15] = {
    MIDPOINT_NF4(0, 1),   MIDPOINT_NF4(1, 2),   MIDPOINT_NF4(2, 3),   MIDPOINT_NF4(3, 4),
    MIDPOINT_NF4(4, 5),   MIDPOINT_NF4(5, 6),   MIDPOINT_NF4(6, 7),   MIDPOINT_NF4(7, 8),
    MIDPOINT_NF4(8, 9),   MIDPOINT_NF4(9, 10),  MIDPOINT_NF4(10, 11), MIDPOINT_NF4(11, 12),
    MIDPOINT_NF4(12, 13), MIDPOINT_NF4(13, 14), MIDPOINT_NF4(14, 15)};

// The nibbles by value: 11 is -1, 0 is zero of either sign (8 is never emitted), 3 is 1.
CONSTANT float fp4_midpoints[14] = {
    MIDPOINT_FP4(11, 10), MIDPOINT_FP4(10, 13), MIDPOINT_FP4(13, 12), MIDPOINT_FP4(12, 15),
    MIDPOINT_FP4(15, 14), MIDPOINT_FP4(14, 9),  MIDPOINT_FP4(9, 0),   MIDPOINT_FP4(0, 1),
    MIDPOINT_FP4(1, 6),   MIDPOINT_FP4(6, 7),   MIDPOINT_FP4(7, 4),   MIDPOINT_FP4(4, 5),
    MIDPOINT_FP4(5, 2),   MIDPOINT_FP4(2, 3)};
CONSTANT uchar fp4_nibbles[15] = {11, 10, 13, 12, 15, 14, 9, 0, 1, 6, 7, 4, 5, 2, 3};

DEVICE uint nearest_nf4(float v) {
  uint place = 0;
  for (uint i = 0; i < 15; i++) place += (uint)(v > nf4_midpoints[i]);
  return place;
}

DEVICE uint nearest_fp4(float v) {
  uint place = 0;
  for (uint i = 0; i < 14; i++) place += (uint)(v > fp4_midpoints[i]);
  return fp4_nibbles[place];
}

DEVICE uint nearest_nibble(uint is_fp4, float v) {
  return is_fp4 != 0 ? nearest_fp4(v) : nearest_nf4(v);
}

// A block of an even number of elements is whole bytes; after an odd last element comes the code
// of 0.
KERNEL void encode_four_bit(BUFFER(values), BUFFER(payload), BUFFER(absmax), ulong count,
                            uint block, uint is_fp4) {
  ulong b = FLAT_INDEX;
  ulong first = b * block;
  if (first < count) {
    ulong end = min(first + block, count);
    uint bits = 0;
    for (ulong i = first; i < end; i++)
      bits = max(bits, MAGNITUDE(LOAD(VALUES, BYTES(values), i)));
    float largest = AS_FLOAT(bits);
    float reciprocal = reciprocal_of(largest);
    TYPED(float, absmax)[b] = largest;
    for (ulong i = first; i < end; i += 2) {
      float x = LOAD(VALUES, BYTES(values), i);
      float y = i + 1 < end ? LOAD(VALUES, BYTES(values), i + 1) : 0.0f;
      uint high = nearest_nibble(is_fp4, normalized(x, largest, reciprocal));
      uint low = nearest_nibble(is_fp4, normalized(y, largest, reciprocal));
      BYTES(payload)[i >> 1] = (uchar)(high << 4 | low);
    }
  }
}

// MARK: dynamic 8-bit blocks, and the nested statistics of 4-bit weights

// The nearest entry of an ascending table of 256, by f32 midpoints; a tie takes the smaller.
DEVICE uint nearest_of_table(GLOBAL const float *table, float v) {
  uint place = 0;
  for (uint step = 128; step > 0; step /= 2) {
    float midpoint = ADD_RN(table[place + step - 1], table[place + step]) * 0.5f;
    if (v > midpoint) place += step;
  }
  return place;
}

// Codes of x − offset, the difference rounded.
KERNEL void encode_dynamic8(BUFFER(values), BUFFER(payload), BUFFER(absmax), BUFFER(table),
                            ulong count, uint block, float offset) {
  ulong b = FLAT_INDEX;
  ulong first = b * block;
  if (first < count) {
    ulong end = min(first + block, count);
    uint bits = 0;
    for (ulong i = first; i < end; i++)
      bits = max(bits, MAGNITUDE(SUB_RN(LOAD(VALUES, BYTES(values), i), offset)));
    float largest = AS_FLOAT(bits);
    float reciprocal = reciprocal_of(largest);
    TYPED(float, absmax)[b] = largest;
    for (ulong i = first; i < end; i++) {
      float value = SUB_RN(LOAD(VALUES, BYTES(values), i), offset);
      float v = normalized(value, largest, reciprocal);
      BYTES(payload)[i] = (uchar)nearest_of_table(TYPED(const float, table), v);
    }
  }
}

// MARK: LLM.int8 rows

// The elements are rounded to f16 first; code = rint(b · fl32(127 / SCB)), ties to even.
KERNEL void encode_int8_rows(BUFFER(values), BUFFER(payload), BUFFER(absmax), uint rows,
                             ulong columns) {
  uint row = GLOBAL_ID(0);
  if (row < rows) {
    ulong first = row * columns;
    uint bits = 0;
    for (ulong i = first; i < first + columns; i++)
      bits = max(bits, MAGNITUDE(LOAD(VALUES, BYTES(values), i)));
    // Rounding is monotonic: the largest element rounds to the largest rounded one.
    float largest = half_to_float(float_to_half(AS_FLOAT(bits)));
    float scale = largest == 0.0f ? 0.0f : DIV_RN(127.0f, largest);
    TYPED(float, absmax)[row] = largest;
    for (ulong i = first; i < first + columns; i++) {
      float b = half_to_float(float_to_half(LOAD(VALUES, BYTES(values), i)));
      TYPED(signed char, payload)[i] = (signed char)(int)rint(MUL_RN(b, scale));
    }
  }
}
