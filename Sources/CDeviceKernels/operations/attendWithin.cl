// Attention of every row to the rows of its span, without regard to order: softmax(q·k · scale) · v.
//
// Source: A. Vaswani et al., "Attention Is All You Need", arXiv:1706.03762; the running maximum:
// M. Milakov and N. Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867.
//
// A group takes a slice of one head of one row: its THREADS threads score THREADS rows at a time, one each,
// then take SLICE elements of the values together. Every slice scores again.
//
// Defines: TYPE (of all operands), THREADS.

#define PER_THREAD 4
#define SLICE (PER_THREAD * THREADS)
#define LOWEST AS_FLOAT(0xff800000u)  // -infinity

KERNEL void attend_within(BUFFER(spans), BUFFER(queries), BUFFER(keys), BUFFER(values), BUFFER(output),
                          uint heads, uint key_heads, uint rows, float scale, uint head_size) {
  LOCAL float scores[THREADS];
  uint head = GROUP_ID(0);
  uint row = GROUP_ID(1);
  uint slice = GROUP_ID(2) * SLICE;
  uint thread = LOCAL_ID(0);
  uint end = min(TYPED(const uint, spans)[2 * row + 1], rows);
  uint start = min(TYPED(const uint, spans)[2 * row], end);
  ulong stride = (ulong)key_heads * head_size;
  ulong shared_head = (ulong)(head / (heads / key_heads)) * head_size;
  ulong place = ((ulong)row * heads + head) * head_size;

  float sums[PER_THREAD];
#pragma unroll
  for (uint i = 0; i < PER_THREAD; i++) sums[i] = 0.0f;
  float largest = LOWEST;
  float total = 0.0f;
  for (uint first = start; first < end; first += THREADS) {
    uint count = min(end - first, (uint)THREADS);
    float score = LOWEST;
    if (thread < count) {
      ulong at = (first + thread) * stride + shared_head;
      score = 0.0f;
      for (uint k = 0; k < head_size; k++)
        score += LOAD(TYPE, BYTES(queries), place + k) * scale * LOAD(TYPE, BYTES(keys), at + k);
    }
    scores[thread] = score;
    BARRIER();
    float before = largest;
    for (uint t = 0; t < count; t++) largest = max(largest, scores[t]);
    float kept = exp(before - largest);
    total = total * kept;
#pragma unroll
    for (uint i = 0; i < PER_THREAD; i++) sums[i] = sums[i] * kept;
    for (uint t = 0; t < count; t++) {
      float weight = exp(scores[t] - largest);
      ulong at = (first + t) * stride + shared_head;
      total = total + weight;
#pragma unroll
      for (uint i = 0; i < PER_THREAD; i++) {
        uint k = slice + i * THREADS + thread;
        if (k < head_size) sums[i] += weight * LOAD(TYPE, BYTES(values), at + k);
      }
    }
    BARRIER();
  }

  float inverse = 1.0f / total;
#pragma unroll
  for (uint i = 0; i < PER_THREAD; i++) {
    uint k = slice + i * THREADS + thread;
    if (k < head_size) STORE(TYPE, BYTES(output), place + k, sums[i] * inverse);
  }
}
