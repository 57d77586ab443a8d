// Attention on matrix units: tiles of queries against tiles of keys, softmax with a running maximum, and
// no matrix of scores in memory. For queries, cache and output of one 16-bit type.
//
// Sources: T. Dao, "FlashAttention-2", arXiv:2307.08691; the running maximum: M. Milakov and N.
// Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867; ranges of keys apart and
// merged: T. Dao et al., "Flash-Decoding", 2023.
//
// The query heads that share a key head are rows of one tile, so that keys are read once for all of
// them: query m of a key head is row m / shared, its head m % shared. A warp has 16 queries, a group WARPS
// of them, and all warps of a group share the tiles of keys, of which the next is on its way while one is
// used. Scores and sums are in f32, weights of positions are rounded to the type of the values.
//
// Groups along axis 0 take tiles of queries, the last first since they see most keys; along axis 1 key
// heads; with SPLIT along axis 2 ranges of the keys. Then the output is f32 [ranges, queries of all heads,
// HEAD_SIZE + 2]: sums before they are divided, the largest score and the total, which attention_merge puts
// together. Ranges are cut by the length that the kernel finds; none but the last is shorter than
// SHORTEST_RANGE tiles, and those behind the last are empty.
//
// A value that is NaN or infinite reaches every row of its tile of queries, those too that do not see it:
// their weight for it is zero.
//
// As compiled for sm_80 and sm_90 nothing is spilled, and a thread has up to 168 registers with WARPS 4
// (three groups a processor), 242 with WARPS 1, 250 with heads of 256. None of it has been measured on a GPU.
//
// Defines: TYPE (f16 or bf16), HEAD_SIZE (a multiple of 16), KEYS (of a tile, a multiple of 16), WARPS,
// SPLIT (0 or 1). 16-byte pieces of a tile are shared evenly: KEYS · HEAD_SIZE is a multiple of 256 · WARPS.

#define THREADS (32 * WARPS)
#define QUERIES (16 * WARPS)
#if HEAD_SIZE > 128
#define GROUPS 2  // that a processor holds at a time
#else
#define GROUPS 3
#endif
#define STRIDE (HEAD_SIZE + 8)  // a row of local memory starts 16 bytes beside the one before it
#define TILE (KEYS * STRIDE)
#define SHORTEST_RANGE (256 / KEYS)
#define LOWEST AS_FLOAT(0xff800000u)  // -infinity
#define LOG2_E 1.44269504f

#define MMA_f16 MMA_F16
#define MMA_bf16 MMA_BF16
#define MMA_TYPE(d, a, b) PASTE(MMA_, TYPE)(d, a, b)
#define PACK_f16 PACK_F16
#define PACK_bf16 PACK_BF16
#define PACK_TYPE(low, high) PASTE(PACK_, TYPE)(low, high)

// What the groups' tiles of keys and values are read from.
struct cached_rows {
  GLOBAL const uchar *keys;
  GLOBAL const uchar *values;
  ulong row_bytes;
  uint last;  // positions beyond it repeat it, and have no weight
};

// Starts to copy KEYS rows of keys and of values.
DEVICE void copy_rows(LOCAL_POINTER ushort *keys, LOCAL_POINTER ushort *values,
                      const struct cached_rows *rows, uint first) {
  UNROLL
  for (uint i = 0; i < KEYS * HEAD_SIZE / 8 / THREADS; i++) {
    uint place = i * THREADS + LOCAL_ID(0);
    uint key = place / (HEAD_SIZE / 8), piece = place % (HEAD_SIZE / 8);
    ulong source = min(first + key, rows->last) * rows->row_bytes + 16 * piece;
    COPY16_ASYNC(keys + key * STRIDE + 8 * piece, rows->keys + source);
    COPY16_ASYNC(values + key * STRIDE + 8 * piece, rows->values + source);
  }
}

// scores = the warp's queries times a tile of keys.
DEVICE void score(COLLECTIVE_PARAMETER float (*scores)[4], const uint (*query)[4],
                  LOCAL_POINTER const ushort *keys) {
  uint lane = LOCAL_ID(0) % 32;
  LOCAL_POINTER const ushort *row =
      keys + (8 * (lane / 16) + lane % 8) * STRIDE + 8 * (lane / 8 % 2);
  UNROLL
  for (uint n = 0; n < KEYS / 8; n++) {
    UNROLL
    for (uint i = 0; i < 4; i++) scores[n][i] = 0.0f;
  }
  UNROLL
  for (uint k = 0; k < HEAD_SIZE / 16; k++) {
    UNROLL
    for (uint n = 0; n < KEYS / 16; n++) {
      uint b[4];
      LOAD_MATRIX4(b, row + 16 * n * STRIDE + 16 * k);
      MMA_TYPE(scores[2 * n], query[k], b);
      MMA_TYPE(scores[2 * n + 1], query[k], b + 2);
    }
  }
}

// sums += weights times a tile of values.
DEVICE void accumulate(COLLECTIVE_PARAMETER float (*sums)[4], const float (*weights)[4],
                       LOCAL_POINTER const ushort *values) {
  uint lane = LOCAL_ID(0) % 32;
  LOCAL_POINTER const ushort *row =
      values + (8 * (lane / 8 % 2) + lane % 8) * STRIDE + 8 * (lane / 16);
  UNROLL
  for (uint k = 0; k < KEYS / 16; k++) {
    uint a[4];
    UNROLL
    for (uint i = 0; i < 4; i++) {
      const float *pair = weights[2 * k + i / 2] + 2 * (i % 2);
      a[i] = PACK_TYPE(pair[0], pair[1]);
    }
    UNROLL
    for (uint n = 0; n < HEAD_SIZE / 16; n++) {
      uint b[4];
      LOAD_MATRIX4_TRANSPOSED(b, row + 16 * k * STRIDE + 16 * n);
      MMA_TYPE(sums[2 * n], a, b);
      MMA_TYPE(sums[2 * n + 1], a, b + 2);
    }
  }
}

// A thread's two queries of its warp's 16: rows lane / 4 and lane / 4 + 8 of the fragments.
struct running {
  float largest[2];  // of the scores so far, times LOG2_E
  float total[2];    // of this thread's weights so far
};

// Makes weights of scores that are in powers of two, and `kept`: what earlier sums are to be multiplied by.
DEVICE void weigh(COLLECTIVE_PARAMETER float (*scores)[4], struct running *r, float *kept) {
  float largest[2] = {r->largest[0], r->largest[1]};
  UNROLL
  for (uint n = 0; n < KEYS / 8; n++) {
    UNROLL
    for (uint i = 0; i < 4; i++) largest[i / 2] = max(largest[i / 2], scores[n][i]);
  }
  float origin[2];
  UNROLL
  for (uint i = 0; i < 2; i++) {
    largest[i] = max(largest[i], WARP_XOR(largest[i], 1));
    largest[i] = max(largest[i], WARP_XOR(largest[i], 2));
    origin[i] = largest[i] == LOWEST ? 0.0f : largest[i];
    kept[i] = exp2(r->largest[i] - origin[i]);
    r->largest[i] = largest[i];
    r->total[i] *= kept[i];
  }
  UNROLL
  for (uint n = 0; n < KEYS / 8; n++) {
    UNROLL
    for (uint i = 0; i < 4; i++) {
      scores[n][i] = exp2(scores[n][i] - origin[i / 2]);
      r->total[i / 2] += scores[n][i];
    }
  }
}

KERNEL OCCUPANCY(THREADS, GROUPS) void attention_tiles(
    BUFFER(queries), BUFFER(keys), BUFFER(values), BUFFER(output), uint heads, uint key_heads,
    POSITION(first), uint capacity, uint window, float scale, uint rows) {
  LOCAL bytes16 key_tiles[2 * TILE / 8];
  LOCAL bytes16 value_tiles[2 * TILE / 8];
  COLLECTIVES(THREADS)
  uint shared = heads / key_heads, count = rows * shared;
  uint head = GROUP_ID(1);
  uint first_query = (GROUP_COUNT(0) - 1 - GROUP_ID(0)) * QUERIES;
  uint base = min(POSITION_OF(first), capacity - 1);
  struct cached_rows cached = {
      BYTES(keys) + 2 * (ulong)head * HEAD_SIZE, BYTES(values) + 2 * (ulong)head * HEAD_SIZE,
      2 * (ulong)key_heads * HEAD_SIZE, 0};

  // What the first and what the last query of the group see, from and to.
  uint first_to = min(base + first_query / shared + 1, capacity);
  uint last_to = min(base + (min(first_query + QUERIES, count) - 1) / shared + 1, capacity);
  uint last_from = last_to > window ? last_to - window : 0;
  uint start = first_to > window ? first_to - window : 0, end = last_to;
#if SPLIT
  uint all = (end - start + KEYS - 1) / KEYS;
  uint each = max((all + GROUP_COUNT(2) - 1) / GROUP_COUNT(2), (uint)SHORTEST_RANGE) * KEYS;
  start = min(start + GROUP_ID(2) * each, end);
  end = min(start + each, end);
#endif
  cached.last = end - 1;

  // What this thread's queries see, and where they are.
  ulong place[2];
  uint sees_from[2], sees_to[2];
  uint g = LOCAL_ID(0) % 32 / 4, t = LOCAL_ID(0) % 4;
  uint own_query = first_query + LOCAL_ID(0) / 32 * 16 + g;
  UNROLL
  for (uint i = 0; i < 2; i++) {
    uint m = min(own_query + 8 * i, count - 1);
    place[i] = ((ulong)(m / shared) * heads + head * shared + m % shared) * HEAD_SIZE;
    uint to = min(base + m / shared + 1, capacity);
    sees_from[i] = to > window ? to - window : 0;
    sees_to[i] = min(to, end);
  }
  uint query[HEAD_SIZE / 16][4];
  float sums[HEAD_SIZE / 8][4];
  UNROLL
  for (uint k = 0; k < HEAD_SIZE / 16; k++) {
    UNROLL
    for (uint i = 0; i < 4; i++) {
      query[k][i] = TYPED(const uint, queries)[(place[i % 2] + 16 * k + 8 * (i / 2)) / 2 + t];
      sums[2 * k][i] = 0.0f;
      sums[2 * k + 1][i] = 0.0f;
    }
  }
  struct running running = {{LOWEST, LOWEST}, {0.0f, 0.0f}};
  float factor = scale * LOG2_E;

  LOCAL_POINTER ushort *key_tile = (LOCAL_POINTER ushort *)key_tiles;
  LOCAL_POINTER ushort *value_tile = (LOCAL_POINTER ushort *)value_tiles;
  uint tiles = (end - start + KEYS - 1) / KEYS;
  if (tiles > 0) copy_rows(key_tile, value_tile, &cached, start);
  COPY_COMMIT();
  for (uint tile = 0; tile < tiles; tile++) {
    uint from = start + tile * KEYS, stage = tile % 2 * TILE, other = TILE - stage;
    COPY_WAIT(0);
    BARRIER();
    if (tile + 1 < tiles) copy_rows(key_tile + other, value_tile + other, &cached, from + KEYS);
    COPY_COMMIT();
    float scores[KEYS / 8][4], kept[2];
    score(COLLECTIVE_ARGUMENT scores, query, key_tile + stage);
    UNROLL
    for (uint n = 0; n < KEYS / 8; n++) {
      UNROLL
      for (uint i = 0; i < 4; i++) scores[n][i] *= factor;
    }
    if (from < last_from || from + KEYS > min(first_to, end)) {
      UNROLL
      for (uint n = 0; n < KEYS / 8; n++) {
        UNROLL
        for (uint i = 0; i < 4; i++) {
          uint position = from + 8 * n + 2 * t + i % 2;
          if (position < sees_from[i / 2] || position >= sees_to[i / 2]) scores[n][i] = LOWEST;
        }
      }
    }
    weigh(COLLECTIVE_ARGUMENT scores, &running, kept);
    UNROLL
    for (uint n = 0; n < HEAD_SIZE / 8; n++) {
      UNROLL
      for (uint i = 0; i < 4; i++) sums[n][i] *= kept[i / 2];
    }
    accumulate(COLLECTIVE_ARGUMENT sums, scores, value_tile + stage);
  }

  UNROLL
  for (uint i = 0; i < 2; i++) {
    running.total[i] += WARP_XOR(running.total[i], 1);
    running.total[i] += WARP_XOR(running.total[i], 2);
  }
  UNROLL
  for (uint i = 0; i < 2; i++) {
    if (own_query + 8 * i < count) {
#if SPLIT
      ulong query_index = (ulong)GROUP_ID(2) * rows * heads + place[i] / HEAD_SIZE;
      GLOBAL float *partial = TYPED(float, output) + query_index * (HEAD_SIZE + 2);
      UNROLL
      for (uint n = 0; n < HEAD_SIZE / 8; n++) {
        partial[8 * n + 2 * t] = sums[n][2 * i];
        partial[8 * n + 2 * t + 1] = sums[n][2 * i + 1];
      }
      if (t == 0) {
        partial[HEAD_SIZE] = running.largest[i];
        partial[HEAD_SIZE + 1] = running.total[i];
      }
#else
      float inverse = 1.0f / running.total[i];
      UNROLL
      for (uint n = 0; n < HEAD_SIZE / 8; n++)
        TYPED(uint, output)[(place[i] + 8 * n) / 2 + t] =
            PACK_TYPE(sums[n][2 * i] * inverse, sums[n][2 * i + 1] * inverse);
#endif
    }
  }
}

#if SPLIT
// Puts the ranges of a query together, in their order: a group a query, a thread an element. AHEAD of them
// are loaded at a time; what is beyond the last repeats it, and has no share.
#define AHEAD 8

KERNEL void attention_merge(BUFFER(partials), BUFFER(output), uint ranges, uint queries) {
  uint element = LOCAL_ID(0);
  GLOBAL const float *partial =
      TYPED(const float, partials) + (ulong)GROUP_ID(0) * (HEAD_SIZE + 2);
  ulong step = (ulong)queries * (HEAD_SIZE + 2);
  float largest = LOWEST;
  for (uint first = 0; first < ranges; first += AHEAD) {
    UNROLL
    for (uint i = 0; i < AHEAD; i++)
      largest = max(largest, partial[min(first + i, ranges - 1) * step + HEAD_SIZE]);
  }
  float sum = 0.0f, total = 0.0f;
  for (uint first = 0; first < ranges; first += AHEAD) {
    UNROLL
    for (uint i = 0; i < AHEAD; i++) {
      GLOBAL const float *range = partial + min(first + i, ranges - 1) * step;
      float share = first + i < ranges ? exp2(range[HEAD_SIZE] - largest) : 0.0f;
      sum += range[element] * share;
      total += range[HEAD_SIZE + 1] * share;
    }
  }
  STORE(TYPE, BYTES(output), (ulong)GROUP_ID(0) * HEAD_SIZE + element, sum / total);
}
#endif
