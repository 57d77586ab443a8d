// Attention as in attention.cl, for heads of any size and elements whose types only the call knows:
// what runs where no image was made for a shape.
//
// A group takes one row (axis 0) of a slice (axis 2) of one head (axis 1): its THREADS threads score THREADS
// positions at a time, one each, then take SLICE elements of the values together. Every slice scores again.
//
// Defines: THREADS.

#define PER_THREAD 8
#define SLICE (PER_THREAD * THREADS)
#define LOWEST AS_FLOAT(0xff800000u)  // -infinity

KERNEL void attention_any(BUFFER(queries), BUFFER(keys), BUFFER(values), BUFFER(output), uint heads,
                          uint key_heads, POSITION(first), uint capacity, uint window,
                          float scale, uint head_size, uint query_type, uint key_type, uint value_type,
                          uint output_type) {
  LOCAL float scores[THREADS];
  uint row = GROUP_ID(0);
  uint head = GROUP_ID(1);
  uint slice = GROUP_ID(2) * SLICE;
  uint thread = LOCAL_ID(0);
  uint end = min(min(POSITION_OF(first), capacity - 1) + row + 1, capacity);
  uint start = end > window ? end - window : 0;
  ulong stride = (ulong)key_heads * head_size;
  ulong cached = (ulong)(head / (heads / key_heads)) * head_size;
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
      ulong at = (first + thread) * stride + cached;
      score = 0.0f;
      for (uint k = 0; k < head_size; k++) {
        float query = load_element(query_type, BYTES(queries), place + k) * scale;
        score += query * load_element(key_type, BYTES(keys), at + k);
      }
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
      ulong at = (first + t) * stride + cached;
      total = total + weight;
#pragma unroll
      for (uint i = 0; i < PER_THREAD; i++) {
        uint k = slice + i * THREADS + thread;
        if (k < head_size) sums[i] += weight * load_element(value_type, BYTES(values), at + k);
      }
    }
    BARRIER();
  }

  float inverse = 1.0f / total;
#pragma unroll
  for (uint i = 0; i < PER_THREAD; i++) {
    uint k = slice + i * THREADS + thread;
    if (k < head_size) store_element(output_type, BYTES(output), place + k, sums[i] * inverse);
  }
}
