// The dialect in OpenCL C 1.2. The shared half is dialect.cl; README.md explains the words.

// A product and a sum are two roundings, as the formats prescribe: the pragma holds for every
// function below it.
#pragma OPENCL FP_CONTRACT OFF

#define KERNEL __kernel
#define DEVICE static
#define GLOBAL __global
#define LOCAL __local
#define LOCAL_POINTER __local
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
#define FMA_RN(a, b, c) fma((a), (b), (c))
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
