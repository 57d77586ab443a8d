// The dialect in OpenCL C 1.2. The shared half is dialect.cl; README.md explains the words.

// A product and a sum are two roundings, as the formats prescribe: the pragma holds for every
// function below it.
#pragma OPENCL FP_CONTRACT OFF

#define KERNEL __kernel
// Inlined always: PoCL keeps a thread's place in the grid in a variable of the whole program, which a
// function that is called reads while another group's thread writes it.
#define DEVICE static __attribute__((always_inline))
#define GLOBAL __global
#define LOCAL __local
#define CONSTANT __constant
#define CONSTANT_POINTER __constant

#define GROUP_ID(axis) ((uint)get_group_id(axis))
#define GROUP_COUNT(axis) ((uint)get_num_groups(axis))
#define GROUP_SIZE(axis) ((uint)get_local_size(axis))
#define LOCAL_ID(axis) ((uint)get_local_id(axis))
#define GLOBAL_ID(axis) ((uint)get_global_id(axis))
#define GLOBAL_SIZE(axis) ((uint)get_global_size(axis))
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)

#define AS_FLOAT(bits) as_float(bits)
#define AS_UINT(value) as_uint(value)
#define MUL_RN(a, b) ((float)((a) * (b)))
#define ADD_RN(a, b) ((float)((a) + (b)))
#define SUB_RN(a, b) ((float)((a) - (b)))
#if defined(FERRY_EXACT_DIVISION) && !defined(FERRY_INTEGER_DIVISION)
#define DIV_RN(a, b) ((float)((a) / (b)))
#endif

DEVICE float half_to_float(ushort bits) {
  return vload_half(0, (const half *)&bits);
}

DEVICE ushort float_to_half(float value) {
  ushort bits;
  vstore_half_rte(value, 0, (half *)&bits);
  return bits;
}

// MARK: sixteen lanes, computed on together

typedef float16 lanes16;
#define LANES16(value) ((lanes16)(value))

DEVICE lanes16 lanes16_fma(lanes16 a, lanes16 b, lanes16 c) {
  return fma(a, b, c);
}

DEVICE float lanes16_sum(lanes16 v) {
  float8 a = v.lo + v.hi;
  float4 b = a.lo + a.hi;
  float2 c = b.lo + b.hi;
  return c.x + c.y;
}

DEVICE lanes16 lanes16_load_f32(GLOBAL const uchar *bytes, ulong index) {
  return vload16(0, (GLOBAL const float *)bytes + index);
}

DEVICE lanes16 lanes16_load_f16(GLOBAL const uchar *bytes, ulong index) {
  return vload_half16(0, (GLOBAL const half *)bytes + index);
}

DEVICE lanes16 lanes16_load_bf16(GLOBAL const uchar *bytes, ulong index) {
  return as_float16(convert_uint16(vload16(0, (GLOBAL const ushort *)bytes + index)) << 16);
}

DEVICE lanes16 lanes16_load_i8(GLOBAL const uchar *bytes, ulong index) {
  return convert_float16(vload16(0, (GLOBAL const char *)bytes + index));
}

DEVICE void lanes16_store_f32(GLOBAL uchar *bytes, ulong index, lanes16 values) {
  vstore16(values, 0, (GLOBAL float *)bytes + index);
}

DEVICE void lanes16_store_f16(GLOBAL uchar *bytes, ulong index, lanes16 values) {
  vstore_half16_rte(values, 0, (GLOBAL half *)bytes + index);
}

// Rounds to nearest, ties to even; NaN stays NaN.
DEVICE void lanes16_store_bf16(GLOBAL uchar *bytes, ulong index, lanes16 values) {
  uint16 bits = as_uint16(values);
  uint16 rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  rounded = select(rounded, (bits >> 16) | 0x40u, isnan(values));
  vstore16(convert_ushort16(rounded), 0, (GLOBAL ushort *)bytes + index);
}

// A table of 256 pairs, indexed by eight bytes.
DEVICE lanes16 lanes16_pairs(CONSTANT_POINTER const float *table, GLOBAL const uchar *bytes) {
  return (lanes16)(vload2(bytes[0], table), vload2(bytes[1], table), vload2(bytes[2], table),
                   vload2(bytes[3], table), vload2(bytes[4], table), vload2(bytes[5], table),
                   vload2(bytes[6], table), vload2(bytes[7], table));
}

// A table of 256 values, indexed by sixteen bytes.
DEVICE lanes16 lanes16_table(GLOBAL const float *table, GLOBAL const uchar *bytes) {
  return (lanes16)(table[bytes[0]], table[bytes[1]], table[bytes[2]], table[bytes[3]],
                   table[bytes[4]], table[bytes[5]], table[bytes[6]], table[bytes[7]],
                   table[bytes[8]], table[bytes[9]], table[bytes[10]], table[bytes[11]],
                   table[bytes[12]], table[bytes[13]], table[bytes[14]], table[bytes[15]]);
}
