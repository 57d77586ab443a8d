// The collective words in CUDA C for devices with matrix units (compute capability 8.0 upward): one
// instruction each. Follows dialect.cl; README.md explains the words. Fragments are laid out as the
// PTX ISA documents for mma.sync m16n8k16 and m16n8k32.
//
// Every thread of a warp reaches every collective.

#define LOCAL_POINTER
#define UNROLL _Pragma("unroll")
#define OCCUPANCY(threads, groups) __launch_bounds__(threads, groups)

#define COLLECTIVES(threads)
#define COLLECTIVE_PARAMETER
#define COLLECTIVE_ARGUMENT
#define WARP_BARRIER() __syncwarp()

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

// MARK: values of other lanes

#define WARP_XOR_U(value, mask) __shfl_xor_sync(0xffffffffu, (uint)(value), (int)(mask))
#define WARP_FROM_U(value, lane) __shfl_sync(0xffffffffu, (uint)(value), (int)(lane))
#define WARP_XOR(value, mask) __shfl_xor_sync(0xffffffffu, (float)(value), (int)(mask))
#define WARP_FROM(value, lane) __shfl_sync(0xffffffffu, (float)(value), (int)(lane))

// MARK: products of tiles

DEVICE void collective_mma_f16(float *d, const uint *a, const uint *b) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

DEVICE void collective_mma_bf16(float *d, const uint *a, const uint *b) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

DEVICE void collective_mma_s8(int *d, const uint *a, const uint *b) {
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

DEVICE int collective_dot4(uint a, uint b, int c) {
  int d;
  asm("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
  return d;
}

#define MMA_F16(d, a, b) collective_mma_f16((d), (a), (b))
#define MMA_BF16(d, a, b) collective_mma_bf16((d), (a), (b))
#define MMA_S8(d, a, b) collective_mma_s8((d), (a), (b))
#define DOT4_S8(a, b, c) collective_dot4((a), (b), (c))

// MARK: tiles from local memory

DEVICE uint collective_address(const void *local_bytes) {
  return (uint)__cvta_generic_to_shared(local_bytes);
}

DEVICE void collective_load4(uint *r, const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(collective_address(row))
               : "memory");
}

DEVICE void collective_load4_transposed(uint *r, const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(collective_address(row))
               : "memory");
}

#define LOAD_MATRIX4(r, row) collective_load4((r), (row))
#define LOAD_MATRIX4_TRANSPOSED(r, row) collective_load4_transposed((r), (row))

// MARK: words of a single thread

typedef uint4 bytes16;

DEVICE bytes16 collective_load16_once(const void *pointer) {
  bytes16 v;
  asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0,%1,%2,%3}, [%4];"
               : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
               : "l"(__cvta_generic_to_global(pointer)));
  return v;
}

DEVICE void collective_copy16(void *local_bytes, const void *global_bytes) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;"
               :
               : "r"(collective_address(local_bytes)), "l"(__cvta_generic_to_global(global_bytes))
               : "memory");
}

#define LOAD16_ONCE(pointer) collective_load16_once(pointer)
#define COPY16_ASYNC(local_bytes, global_bytes) collective_copy16((local_bytes), (global_bytes))
#define COPY_COMMIT() asm volatile("cp.async.commit_group;" ::: "memory")
#define COPY_WAIT(pending) asm volatile("cp.async.wait_group %0;" ::"n"(pending) : "memory")

DEVICE uint collective_pack_f16(float low, float high) {
  uint d;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
  return d;
}

DEVICE uint collective_pack_bf16(float low, float high) {
  uint d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
  return d;
}

#define PACK_F16(low, high) collective_pack_f16((low), (high))
#define PACK_BF16(low, high) collective_pack_bf16((low), (high))

#endif
