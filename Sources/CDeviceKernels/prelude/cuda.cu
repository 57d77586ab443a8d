// The dialect in CUDA C++, as its run-time compiler takes it: no header, nothing of the vendor's but
// built-in functions. The shared half is dialect.cl; README.md explains the words.
//
// Compiled without contraction, with subnormals, correctly rounded division and square root
// (Scripts/cuda-images), so that a product and a sum are two roundings here too.

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
static_assert(sizeof(ulong) == 8, "ulong is a type of 8 bytes");

#define KERNEL extern "C" __global__
#define DEVICE static __device__ __forceinline__
#define GLOBAL
#define LOCAL __shared__
// Tables lie in cached global memory: threads read other entries than their neighbours, which constant
// memory would serve one after another.
#define CONSTANT static __device__ __align__(16) const
#define CONSTANT_POINTER

#define AXIS_0(place) ((uint)place.x)
#define AXIS_1(place) ((uint)place.y)
#define AXIS_2(place) ((uint)place.z)
#define GROUP_ID(axis) AXIS_##axis(blockIdx)
#define GROUP_COUNT(axis) AXIS_##axis(gridDim)
#define GROUP_SIZE(axis) AXIS_##axis(blockDim)
#define LOCAL_ID(axis) AXIS_##axis(threadIdx)
#define GLOBAL_ID(axis) (GROUP_ID(axis) * GROUP_SIZE(axis) + LOCAL_ID(axis))
#define GLOBAL_SIZE(axis) (GROUP_COUNT(axis) * GROUP_SIZE(axis))
#define BARRIER() __syncthreads()

#define AS_FLOAT(bits) __uint_as_float(bits)
#define AS_UINT(value) __float_as_uint(value)
#define MUL_RN(a, b) __fmul_rn((a), (b))
#define ADD_RN(a, b) __fadd_rn((a), (b))
#define SUB_RN(a, b) __fsub_rn((a), (b))
#ifndef FERRY_INTEGER_DIVISION
#define DIV_RN(a, b) __fdiv_rn((a), (b))
#endif

DEVICE int clz(uint value) {
  return __clz((int)value);
}

DEVICE int clz(ulong value) {
  return __clzll((long long)value);
}

DEVICE float half_to_float(ushort bits) {
  float value;
  asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
  return value;
}

DEVICE ushort float_to_half(float value) {
  ushort bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
  return bits;
}

// MARK: sixteen lanes, computed on together

struct lanes16 {
  float lane[16];
};

#define EACH_LANE _Pragma("unroll") for (int i = 0; i < 16; i++)

DEVICE lanes16 LANES16(float value) {
  lanes16 v;
  EACH_LANE v.lane[i] = value;
  return v;
}

DEVICE lanes16 operator+(const lanes16 &a, const lanes16 &b) {
  lanes16 v;
  EACH_LANE v.lane[i] = ADD_RN(a.lane[i], b.lane[i]);
  return v;
}

DEVICE lanes16 operator-(const lanes16 &a, const lanes16 &b) {
  lanes16 v;
  EACH_LANE v.lane[i] = SUB_RN(a.lane[i], b.lane[i]);
  return v;
}

DEVICE lanes16 operator*(const lanes16 &a, const lanes16 &b) {
  lanes16 v;
  EACH_LANE v.lane[i] = MUL_RN(a.lane[i], b.lane[i]);
  return v;
}

DEVICE lanes16 lanes16_fma(const lanes16 &a, const lanes16 &b, const lanes16 &c) {
  lanes16 v;
  EACH_LANE v.lane[i] = __fmaf_rn(a.lane[i], b.lane[i], c.lane[i]);
  return v;
}

// Halves onto halves, as in OpenCL: the same sum.
DEVICE float lanes16_sum(const lanes16 &v) {
  float eight[8], four[4];
#pragma unroll
  for (int i = 0; i < 8; i++) eight[i] = ADD_RN(v.lane[i], v.lane[i + 8]);
#pragma unroll
  for (int i = 0; i < 4; i++) four[i] = ADD_RN(eight[i], eight[i + 4]);
  return ADD_RN(ADD_RN(four[0], four[2]), ADD_RN(four[1], four[3]));
}

// MARK: words at an address that a word of 4, 8 or 16 bytes may not start at

struct __align__(16) words4 {
  uint word[4];
};

struct __align__(8) words2 {
  uint word[2];
};

#define STARTS_AT(bytes, alignment) (((ulong)(bytes) & (alignment - 1)) == 0)

// Four words at an address that is a multiple of 4.
DEVICE words4 load_words4(const uint *words) {
  if (STARTS_AT(words, 16)) return *(const words4 *)words;
  words4 v;
#pragma unroll
  for (int i = 0; i < 4; i++) v.word[i] = words[i];
  return v;
}

// Four words at an even address.
DEVICE words4 load_words4(const ushort *halves) {
  if (STARTS_AT(halves, 16)) return *(const words4 *)halves;
  words4 v;
#pragma unroll
  for (int i = 0; i < 4; i++) v.word[i] = (uint)halves[2 * i] | ((uint)halves[2 * i + 1] << 16);
  return v;
}

// Four words at any address.
DEVICE words4 load_words4(const uchar *bytes) {
  if (STARTS_AT(bytes, 16)) return *(const words4 *)bytes;
  words4 v;
#pragma unroll
  for (int i = 0; i < 4; i++)
    v.word[i] = (uint)bytes[4 * i] | ((uint)bytes[4 * i + 1] << 8) |
                ((uint)bytes[4 * i + 2] << 16) | ((uint)bytes[4 * i + 3] << 24);
  return v;
}

// Two words at any address.
DEVICE words2 load_words2(const uchar *bytes) {
  if (STARTS_AT(bytes, 8)) return *(const words2 *)bytes;
  words2 v;
#pragma unroll
  for (int i = 0; i < 2; i++)
    v.word[i] = (uint)bytes[4 * i] | ((uint)bytes[4 * i + 1] << 8) |
                ((uint)bytes[4 * i + 2] << 16) | ((uint)bytes[4 * i + 3] << 24);
  return v;
}

DEVICE void store_words4(uint *words, const words4 &v) {
  if (STARTS_AT(words, 16)) {
    *(words4 *)words = v;
    return;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) words[i] = v.word[i];
}

DEVICE void store_words4(ushort *halves, const words4 &v) {
  if (STARTS_AT(halves, 16)) {
    *(words4 *)halves = v;
    return;
  }
#pragma unroll
  for (int i = 0; i < 8; i++) halves[i] = (ushort)(v.word[i / 2] >> (16 * (i % 2)));
}

// MARK: sixteen elements

DEVICE lanes16 lanes16_load_f32(const uchar *bytes, ulong index) {
  const uint *words = (const uint *)bytes + index;
  lanes16 v;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    words4 four = load_words4(words + 4 * i);
#pragma unroll
    for (int j = 0; j < 4; j++) v.lane[4 * i + j] = AS_FLOAT(four.word[j]);
  }
  return v;
}

DEVICE lanes16 lanes16_load_f16(const uchar *bytes, ulong index) {
  const ushort *halves = (const ushort *)bytes + index;
  lanes16 v;
#pragma unroll
  for (int i = 0; i < 2; i++) {
    words4 eight = load_words4(halves + 8 * i);
#pragma unroll
    for (int j = 0; j < 8; j++)
      v.lane[8 * i + j] = half_to_float((ushort)(eight.word[j / 2] >> (16 * (j % 2))));
  }
  return v;
}

DEVICE lanes16 lanes16_load_bf16(const uchar *bytes, ulong index) {
  const ushort *halves = (const ushort *)bytes + index;
  lanes16 v;
#pragma unroll
  for (int i = 0; i < 2; i++) {
    words4 eight = load_words4(halves + 8 * i);
#pragma unroll
    for (int j = 0; j < 8; j++)
      v.lane[8 * i + j] = AS_FLOAT(j % 2 == 0 ? eight.word[j / 2] << 16
                                              : eight.word[j / 2] & 0xffff0000u);
  }
  return v;
}

DEVICE lanes16 lanes16_load_i8(const uchar *bytes, ulong index) {
  words4 codes = load_words4(bytes + index);
  lanes16 v;
  EACH_LANE v.lane[i] = (float)(signed char)(codes.word[i / 4] >> (8 * (i % 4)));
  return v;
}

DEVICE void lanes16_store_f32(uchar *bytes, ulong index, const lanes16 &values) {
  uint *words = (uint *)bytes + index;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    words4 four;
#pragma unroll
    for (int j = 0; j < 4; j++) four.word[j] = AS_UINT(values.lane[4 * i + j]);
    store_words4(words + 4 * i, four);
  }
}

DEVICE void lanes16_store_f16(uchar *bytes, ulong index, const lanes16 &values) {
  ushort *halves = (ushort *)bytes + index;
#pragma unroll
  for (int i = 0; i < 2; i++) {
    words4 eight;
#pragma unroll
    for (int j = 0; j < 4; j++)
      eight.word[j] = (uint)float_to_half(values.lane[8 * i + 2 * j]) |
                      ((uint)float_to_half(values.lane[8 * i + 2 * j + 1]) << 16);
    store_words4(halves + 8 * i, eight);
  }
}

// The upper half of a binary32, rounded to nearest, ties to even; NaN stays NaN.
DEVICE uint rounded_upper_half(float value) {
  uint bits = AS_UINT(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return (bits >> 16) | 0x40u;
  return (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
}

DEVICE void lanes16_store_bf16(uchar *bytes, ulong index, const lanes16 &values) {
  ushort *halves = (ushort *)bytes + index;
#pragma unroll
  for (int i = 0; i < 2; i++) {
    words4 eight;
#pragma unroll
    for (int j = 0; j < 4; j++)
      eight.word[j] = rounded_upper_half(values.lane[8 * i + 2 * j]) |
                      (rounded_upper_half(values.lane[8 * i + 2 * j + 1]) << 16);
    store_words4(halves + 8 * i, eight);
  }
}

// A table of 256 pairs, indexed by eight bytes.
DEVICE lanes16 lanes16_pairs(const float *table, const uchar *bytes) {
  words2 codes = load_words2(bytes);
  lanes16 v;
#pragma unroll
  for (int i = 0; i < 8; i++) {
    uint code = (codes.word[i / 4] >> (8 * (i % 4))) & 0xffu;
    words2 pair = *((const words2 *)table + code);
    v.lane[2 * i] = AS_FLOAT(pair.word[0]);
    v.lane[2 * i + 1] = AS_FLOAT(pair.word[1]);
  }
  return v;
}

// A table of 256 values, indexed by sixteen bytes.
DEVICE lanes16 lanes16_table(const float *table, const uchar *bytes) {
  words4 codes = load_words4(bytes);
  lanes16 v;
  EACH_LANE v.lane[i] = table[(codes.word[i / 4] >> (8 * (i % 4))) & 0xffu];
  return v;
}
