// The collective words in OpenCL C, through local memory: what groups of 32 lanes of a processor with
// matrix units do together, exact enough to test the kernels that use them. Follows dialect.cl;
// README.md explains the words.
//
// Every thread of the group reaches every collective, the same number of times.

#define LOCAL_POINTER __local
#define UNROLL
#define OCCUPANCY(threads, groups) __attribute__((reqd_work_group_size(threads, 1, 1)))

// Six words a thread: the fragments of one product.
#define COLLECTIVES(threads) LOCAL uint ferry_exchange[6 * (threads)];
#define COLLECTIVE_PARAMETER __local uint *ferry_exchange,
#define COLLECTIVE_ARGUMENT ferry_exchange,
#define WARP_BARRIER() BARRIER()

// MARK: values of other lanes

DEVICE uint collective_from(__local uint *exchange, uint value, uint thread) {
  exchange[LOCAL_ID(0)] = value;
  BARRIER();
  uint found = exchange[thread];
  BARRIER();
  return found;
}

#define WARP_XOR_U(value, mask) \
  collective_from(ferry_exchange, (value), LOCAL_ID(0) ^ (uint)(mask))
#define WARP_FROM_U(value, lane) \
  collective_from(ferry_exchange, (value), (LOCAL_ID(0) & ~31u) + (uint)(lane))
#define WARP_XOR(value, mask) AS_FLOAT(WARP_XOR_U(AS_UINT(value), mask))
#define WARP_FROM(value, lane) AS_FLOAT(WARP_FROM_U(AS_UINT(value), lane))

// MARK: products of tiles

// Lays this thread's fragments where the others of its 32 see them; their first word.
DEVICE __local uint *collective_fragments(__local uint *exchange, const uint *a, const uint *b) {
  __local uint *mine = exchange + 6 * LOCAL_ID(0);
  for (uint i = 0; i < 4; i++) mine[i] = a[i];
  for (uint i = 0; i < 2; i++) mine[4 + i] = b[i];
  BARRIER();
  return exchange + 6 * (LOCAL_ID(0) & ~31u);
}

// Row and column of the thread's word i of a result of 16 by 8.
#define COLLECTIVE_ROW(i) ((LOCAL_ID(0) & 31u) / 4 + 8 * ((i) / 2))
#define COLLECTIVE_COLUMN(i) (2 * (LOCAL_ID(0) % 4) + (i) % 2)
// The words of a row of a, of a column of b, that hold step (0 … 7) along k; two 16-bit numbers each.
#define COLLECTIVE_A(words, row, step) \
  words[6 * (4 * ((row) % 8) + (step) % 4) + (row) / 8 + 2 * ((step) / 4)]
#define COLLECTIVE_B(words, column, step) words[6 * (4 * (column) + (step) % 4) + 4 + (step) / 4]

DEVICE void collective_mma_f16(__local uint *exchange, float *d, const uint *a, const uint *b) {
  __local uint *words = collective_fragments(exchange, a, b);
  for (uint i = 0; i < 4; i++) {
    float sum = 0.0f;
    for (uint step = 0; step < 8; step++) {
      uint x = COLLECTIVE_A(words, COLLECTIVE_ROW(i), step);
      uint y = COLLECTIVE_B(words, COLLECTIVE_COLUMN(i), step);
      sum += half_to_float((ushort)x) * half_to_float((ushort)y);
      sum += half_to_float((ushort)(x >> 16)) * half_to_float((ushort)(y >> 16));
    }
    d[i] += sum;
  }
  BARRIER();
}

DEVICE void collective_mma_bf16(__local uint *exchange, float *d, const uint *a, const uint *b) {
  __local uint *words = collective_fragments(exchange, a, b);
  for (uint i = 0; i < 4; i++) {
    float sum = 0.0f;
    for (uint step = 0; step < 8; step++) {
      uint x = COLLECTIVE_A(words, COLLECTIVE_ROW(i), step);
      uint y = COLLECTIVE_B(words, COLLECTIVE_COLUMN(i), step);
      sum += AS_FLOAT(x << 16) * AS_FLOAT(y << 16);
      sum += AS_FLOAT(x & 0xffff0000u) * AS_FLOAT(y & 0xffff0000u);
    }
    d[i] += sum;
  }
  BARRIER();
}

DEVICE int collective_dot4(uint a, uint b, int c) {
  for (uint i = 0; i < 4; i++) c += (int)(char)(a >> (8 * i)) * (int)(char)(b >> (8 * i));
  return c;
}

DEVICE void collective_mma_s8(__local uint *exchange, int *d, const uint *a, const uint *b) {
  __local uint *words = collective_fragments(exchange, a, b);
  for (uint i = 0; i < 4; i++) {
    for (uint step = 0; step < 8; step++)
      d[i] = collective_dot4(COLLECTIVE_A(words, COLLECTIVE_ROW(i), step),
                             COLLECTIVE_B(words, COLLECTIVE_COLUMN(i), step), d[i]);
  }
  BARRIER();
}

#define MMA_F16(d, a, b) collective_mma_f16(ferry_exchange, (d), (a), (b))
#define MMA_BF16(d, a, b) collective_mma_bf16(ferry_exchange, (d), (a), (b))
#define MMA_S8(d, a, b) collective_mma_s8(ferry_exchange, (d), (a), (b))
#define DOT4_S8(a, b, c) collective_dot4((a), (b), (c))

// MARK: tiles from local memory

// Lays the row of 16 bytes that this thread names where the others of its 32 see it.
DEVICE __local ushort *collective_rows(__local uint *exchange, __local const uint *row) {
  __local uint *mine = exchange + 4 * LOCAL_ID(0);
  for (uint i = 0; i < 4; i++) mine[i] = row[i];
  BARRIER();
  return (__local ushort *)(exchange + 4 * (LOCAL_ID(0) & ~31u));
}

DEVICE void collective_load4(__local uint *exchange, uint *r, __local const uint *row,
                             uint transposed) {
  __local ushort *rows = collective_rows(exchange, row);
  uint across = (LOCAL_ID(0) & 31u) / 4, along = 2 * (LOCAL_ID(0) % 4);
  for (uint i = 0; i < 4; i++) {
    __local ushort *tile = rows + 64 * i;
    r[i] = transposed ? tile[8 * along + across] | (uint)tile[8 * along + 8 + across] << 16
                      : tile[8 * across + along] | (uint)tile[8 * across + along + 1] << 16;
  }
  BARRIER();
}

#define LOAD_MATRIX4(r, row) \
  collective_load4(ferry_exchange, (r), (__local const uint *)(row), 0u)
#define LOAD_MATRIX4_TRANSPOSED(r, row) \
  collective_load4(ferry_exchange, (r), (__local const uint *)(row), 1u)

// MARK: words of a single thread

typedef uint4 bytes16;

#define LOAD16_ONCE(pointer) (*(GLOBAL const bytes16 *)(pointer))
#define COPY16_ASYNC(local_bytes, global_bytes) \
  (*(__local bytes16 *)(local_bytes) = *(GLOBAL const bytes16 *)(global_bytes))
#define COPY_COMMIT()
#define COPY_WAIT(pending)

#define PACK_F16(low, high) ((uint)float_to_half(low) | (uint)float_to_half(high) << 16)
#define PACK_BF16(low, high) ((uint)float_to_bf16(low) | (uint)float_to_bf16(high) << 16)
