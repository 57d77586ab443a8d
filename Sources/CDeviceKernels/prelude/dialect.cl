// The half of the prelude that every driver shares, written in the dialect itself.

// A buffer parameter is a pair: the driver's memory and a byte offset into it (no sub-buffers).
#define BUFFER(name) GLOBAL uchar *name##_base, ulong name##_offset
#define BYTES(name) (name##_base + name##_offset)
#define TYPED(type, name) ((GLOBAL type *)(name##_base + name##_offset))

// MARK: bfloat16, the upper half of a binary32

DEVICE float bf16_to_float(ushort bits) {
  return AS_FLOAT((uint)bits << 16);
}

// Rounds to nearest, ties to even; NaN stays NaN.
DEVICE ushort float_to_bf16(float value) {
  uint bits = AS_UINT(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return (ushort)((bits >> 16) | 0x40u);
  return (ushort)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

// MARK: 16-bit elements at an even address

DEVICE float load_half(GLOBAL const uchar *bytes, ulong index) {
  return half_to_float(((GLOBAL const ushort *)bytes)[index]);
}

DEVICE void store_half(GLOBAL uchar *bytes, ulong index, float value) {
  ((GLOBAL ushort *)bytes)[index] = float_to_half(value);
}

DEVICE float load_bf16(GLOBAL const uchar *bytes, ulong index) {
  return bf16_to_float(((GLOBAL const ushort *)bytes)[index]);
}

DEVICE void store_bf16(GLOBAL uchar *bytes, ulong index, float value) {
  ((GLOBAL ushort *)bytes)[index] = float_to_bf16(value);
}

// MARK: little-endian words at any address

DEVICE ushort load_ushort_unaligned(GLOBAL const uchar *bytes) {
  return (ushort)(bytes[0] | (bytes[1] << 8));
}

DEVICE uint load_uint_unaligned(GLOBAL const uchar *bytes) {
  return (uint)bytes[0] | ((uint)bytes[1] << 8) | ((uint)bytes[2] << 16) | ((uint)bytes[3] << 24);
}

DEVICE ulong load_ulong_unaligned(GLOBAL const uchar *bytes) {
  return (ulong)load_uint_unaligned(bytes) | ((ulong)load_uint_unaligned(bytes + 4) << 32);
}

// MARK: correctly rounded division, for devices that only promise 2.5 ulp

#ifndef DIV_RN
// Rounds mantissa · 2^exponent (mantissa < 2^52, bit 0 sticky) to a binary32, ties to even.
DEVICE uint round_to_float_bits(ulong mantissa, int exponent) {
  int top = 63 - (int)clz(mantissa);
  int drop = top - 23;
  if (exponent + drop < -149) drop = -149 - exponent;
  if (drop > top + 1) return 0u;
  if (drop > 0) {
    ulong rest = mantissa & (((ulong)1 << drop) - 1);
    ulong half_way = (ulong)1 << (drop - 1);
    mantissa >>= drop;
    if (rest > half_way || (rest == half_way && (mantissa & 1))) mantissa += 1;
  } else {
    mantissa <<= -drop;
  }
  exponent += drop;
  if (mantissa >> 24) {
    mantissa >>= 1;
    exponent += 1;
  }
  if (!(mantissa >> 23)) return (uint)mantissa;
  if (exponent + 150 > 254) return 0x7f800000u;
  return ((uint)(exponent + 150) << 23) | ((uint)mantissa & 0x7fffffu);
}

// a / b in integers: 26 further bits of quotient and a sticky one decide every rounding.
DEVICE float divide_exactly(float a, float b) {
  uint x = AS_UINT(a), y = AS_UINT(b);
  uint sign = (x ^ y) & 0x80000000u;
  x &= 0x7fffffffu;
  y &= 0x7fffffffu;
  if (x > 0x7f800000u || y > 0x7f800000u) return AS_FLOAT(0x7fc00000u);
  if (x == y && (x == 0 || x == 0x7f800000u)) return AS_FLOAT(0x7fc00000u);
  if (x == 0 || y == 0x7f800000u) return AS_FLOAT(sign);
  if (y == 0 || x == 0x7f800000u) return AS_FLOAT(sign | 0x7f800000u);
  uint xm = x & 0x7fffffu, ym = y & 0x7fffffu;
  int xe = (int)(x >> 23), ye = (int)(y >> 23);
  if (xe != 0) xm |= 0x800000u; else xe = 1;
  if (ye != 0) ym |= 0x800000u; else ye = 1;
  while (!(xm >> 23)) { xm <<= 1; xe -= 1; }
  while (!(ym >> 23)) { ym <<= 1; ye -= 1; }
  ulong scaled = (ulong)xm << 27;
  ulong quotient = scaled / ym;
  quotient = (quotient << 1) | (quotient * ym != scaled);
  return AS_FLOAT(sign | round_to_float_bits(quotient, xe - ye - 28));
}
#define DIV_RN(a, b) divide_exactly((a), (b))
#endif
