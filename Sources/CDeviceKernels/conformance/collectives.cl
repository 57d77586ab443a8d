// The words of 32 threads: 64 threads have six words each, a[4] and b[2], and give four, r[4].

#define COLLECT(name, ...)                                                          \
  KERNEL void name(BUFFER(input), BUFFER(output)) {                                 \
    COLLECTIVES(64)                                                                 \
    LOCAL bytes16 aligned_rows[64];                                                 \
    LOCAL_POINTER uint *rows = (LOCAL_POINTER uint *)aligned_rows;                  \
    GLOBAL const uint *words = TYPED(const uint, input);                            \
    uint thread = LOCAL_ID(0);                                                      \
    uint mine[6], r[4];                                                             \
    for (uint i = 0; i < 6; i++) mine[i] = words[6 * thread + i];                   \
    const uint *a = mine, *b = mine + 4;                                            \
    for (uint i = 0; i < 4; i++) rows[4 * thread + i] = a[i];                       \
    BARRIER();                                                                      \
    __VA_ARGS__                                                                     \
    for (uint i = 0; i < 4; i++) TYPED(uint, output)[4 * thread + i] = r[i];        \
  }

COLLECT(lanes,
  r[0] = WARP_XOR_U(a[0], 5);
  r[1] = WARP_FROM_U(a[1], 7);
  r[2] = AS_UINT(WARP_XOR(AS_FLOAT(a[2]), 16));
  r[3] = AS_UINT(WARP_FROM(AS_FLOAT(a[3]), 31));)

COLLECT(mma_f16,
  float d[4];
  for (uint i = 0; i < 4; i++) d[i] = (float)i;
  MMA_F16(d, a, b);
  for (uint i = 0; i < 4; i++) r[i] = AS_UINT(d[i]);)

COLLECT(mma_bf16,
  float d[4];
  for (uint i = 0; i < 4; i++) d[i] = (float)i;
  MMA_BF16(d, a, b);
  for (uint i = 0; i < 4; i++) r[i] = AS_UINT(d[i]);)

COLLECT(mma_s8,
  int d[4];
  for (uint i = 0; i < 4; i++) d[i] = (int)i;
  MMA_S8(d, a, b);
  for (uint i = 0; i < 4; i++) r[i] = (uint)d[i];)

COLLECT(dot4,
  for (uint i = 0; i < 4; i++) r[i] = (uint)DOT4_S8(a[i], b[0], (int)b[1]);)

COLLECT(tiles,
  LOAD_MATRIX4(r, rows + 4 * thread);)

COLLECT(tiles_transposed,
  LOAD_MATRIX4_TRANSPOSED(r, rows + 4 * thread);)

COLLECT(copies,
  COPY16_ASYNC(rows + 4 * thread, words + 4 * thread);
  COPY_COMMIT();
  COPY_WAIT(0);
  BARRIER();
  bytes16 loaded = LOAD16_ONCE(words + 4 * (63 - thread));
  r[0] = rows[4 * (63 - thread) + 1] ^ loaded.y;
  r[1] = rows[4 * (63 - thread) + 3];
  r[2] = PACK_F16(AS_FLOAT(a[0]), AS_FLOAT(a[1]));
  r[3] = PACK_BF16(AS_FLOAT(a[0]), AS_FLOAT(a[1]));)
