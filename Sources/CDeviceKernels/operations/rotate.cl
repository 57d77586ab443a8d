// (x, y) → (x·cos − y·sin, y·cos + x·sin) for the pairs (i, i + half) of every head, in place
//
// Source: J. Su et al., "RoFormer", arXiv:2104.09864, with the halves of a head as pairs.
// Threads along axis 0 take the pairs of a row, groups along axis 1 the rows. Defines: VALUES.

KERNEL void rotate_pairs(BUFFER(values), BUFFER(tables), uint heads, uint size, uint half_count,
                         POSITION(first), uint positions) {
  uint pair = GLOBAL_ID(0);
  uint row = GROUP_ID(1);
  if (pair < heads * half_count) {
    uint head = pair / half_count;
    uint i = pair % half_count;
    ulong a = ((ulong)row * heads + head) * size + i;
    ulong b = a + half_count;
    uint position = min(POSITION_OF(first), positions - 1) + row;
    GLOBAL const float *table =
        TYPED(const float, tables) + (ulong)min(position, positions - 1) * 2 * half_count;
    float x = LOAD(VALUES, BYTES(values), a);
    float y = LOAD(VALUES, BYTES(values), b);
    float c = table[i];
    float s = table[half_count + i];
    STORE(VALUES, BYTES(values), a, x * c - y * s);
    STORE(VALUES, BYTES(values), b, y * c + x * s);
  }
}
