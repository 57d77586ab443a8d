// Causal attention with grouped queries: softmax of q·k · scale over the positions a row sees, times
// the values, in one pass with a running maximum.
//
// Sources: A. Vaswani et al., "Attention Is All You Need", arXiv:1706.03762; J. Ainslie et al.,
// "GQA", arXiv:2305.13245; the running maximum: M. Milakov and N. Gimelshein, "Online normalizer
// calculation for softmax", arXiv:1805.02867. A group takes one row (axis 0) of one head (axis 1); its
// THREADS threads share the query, take every THREADS-th position and merge what they have.
//
// Defines: QUERY, KEY, CACHED (the values' type), OUTPUT, HEAD_SIZE, THREADS.

#if HEAD_SIZE % 16 == 0
#define WIDTH 16
#define PIECE lanes16
#define PIECE_OF(x) LANES16(x)
#define PIECE_LOAD(type, bytes, index) LOAD16(type, bytes, index)
#define PIECE_STORE(type, bytes, index, x) STORE16(type, bytes, index, x)
#define PIECE_FMA(a, b, c) lanes16_fma(a, b, c)
#define PIECE_SUM(x) lanes16_sum(x)
#else
#define WIDTH 1
#define PIECE float
#define PIECE_OF(x) (x)
#define PIECE_LOAD(type, bytes, index) LOAD(type, bytes, index)
#define PIECE_STORE(type, bytes, index, x) STORE(type, bytes, index, x)
#define PIECE_FMA(a, b, c) ((a) * (b) + (c))
#define PIECE_SUM(x) (x)
#endif
#define PIECES (HEAD_SIZE / WIDTH)
#define LOWEST AS_FLOAT(0xff800000u)  // -infinity

KERNEL void attention(BUFFER(queries), BUFFER(keys), BUFFER(values), BUFFER(output), uint heads,
                      uint key_heads, POSITION(first), uint capacity, uint window, float scale) {
#if THREADS > 1
  LOCAL float largest_of[THREADS];
  LOCAL float total_of[THREADS];
  LOCAL PIECE sums_of[THREADS];
  LOCAL PIECE query[PIECES];
#else
  PIECE query[PIECES];
#endif
  uint row = GROUP_ID(0);
  uint head = GROUP_ID(1);
  uint thread = LOCAL_ID(0);
  uint end = min(min(POSITION_OF(first), capacity - 1) + row + 1, capacity);
  uint start = end > window ? end - window : 0;
  ulong stride = (ulong)key_heads * HEAD_SIZE;
  ulong cached = (ulong)(head / (heads / key_heads)) * HEAD_SIZE;
  ulong place = ((ulong)row * heads + head) * HEAD_SIZE;

  for (uint i = thread; i < PIECES; i += THREADS)
    query[i] = PIECE_LOAD(QUERY, BYTES(queries), place + i * WIDTH) * PIECE_OF(scale);
#if THREADS > 1
  BARRIER();
#endif
  PIECE sums[PIECES];
#pragma unroll
  for (uint i = 0; i < PIECES; i++) sums[i] = PIECE_OF(0.0f);
  float largest = LOWEST;
  float total = 0.0f;
  for (uint p = start + thread; p < end; p += THREADS) {
    ulong at = p * stride + cached;
    PIECE products = PIECE_OF(0.0f);
#pragma unroll
    for (uint i = 0; i < PIECES; i++)
      products = PIECE_FMA(query[i], PIECE_LOAD(KEY, BYTES(keys), at + i * WIDTH), products);
    float score = PIECE_SUM(products);
    float before = largest;
    largest = max(before, score);
    float kept = exp(before - largest);
    float weight = exp(score - largest);
    total = total * kept + weight;
#pragma unroll
    for (uint i = 0; i < PIECES; i++)
      sums[i] = PIECE_FMA(PIECE_LOAD(CACHED, BYTES(values), at + i * WIDTH), PIECE_OF(weight),
                          sums[i] * PIECE_OF(kept));
  }

#if THREADS > 1
  largest_of[thread] = largest;
  BARRIER();
  float overall = largest_of[0];
  for (uint t = 1; t < THREADS; t++) overall = max(overall, largest_of[t]);
  float share = total > 0.0f ? exp(largest - overall) : 0.0f;
  total_of[thread] = total * share;
  BARRIER();
  total = 0.0f;
  for (uint t = 0; t < THREADS; t++) total += total_of[t];
  for (uint i = 0; i < PIECES; i++) {
    sums_of[thread] = sums[i] * PIECE_OF(share);
    BARRIER();
    PIECE sum = sums_of[0];
    for (uint t = 1; t < THREADS; t++) sum = sum + sums_of[t];
    BARRIER();
    sums[i] = sum;
  }
#endif

  float inverse = 1.0f / total;
  if (thread == 0) {
    for (uint i = 0; i < PIECES; i++)
      PIECE_STORE(OUTPUT, BYTES(output), place + i * WIDTH, sums[i] * PIECE_OF(inverse));
  }
}
