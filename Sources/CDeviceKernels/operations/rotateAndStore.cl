// The projections of some rows of a text on their way into a layer's cache: queries are rotated in
// place, keys are rotated and stored, values are stored. Rows beyond the capacity are left out.
//
// The rotation is rotate.cl's and its result is rounded to the type of queries and of keys before it is
// rounded to the cache's, so that the bits are those of the operations one after the other. Threads
// along axis 0 take the elements of all heads of a row, groups along axis 1 the rows; the first thread
// of a pair takes both elements of it. Row r of the tables is row r's.
//
// The types are numbers of load_element: a type a tensor.

// Rounds to a type, to nearest even.
DEVICE float rounded(uint type, float value) {
  if (type == 2u) return half_to_float(float_to_half(value));
  if (type == 3u) return bf16_to_float(float_to_bf16(value));
  return value;
}

KERNEL void rotate_and_store(BUFFER(queries), BUFFER(keys), BUFFER(values), BUFFER(tables),
                             BUFFER(key_cache), BUFFER(value_cache), uint heads, uint key_heads,
                             uint size, uint half_count, POSITION(first), uint capacity,
                             uint query_type, uint key_type, uint value_type,
                             uint key_cache_type, uint value_cache_type) {
  uint place = GLOBAL_ID(0);
  uint row = GROUP_ID(1);
  uint head = place / size;
  uint i = place % size;
  ulong stored = (ulong)POSITION_OF(first) + row;
  GLOBAL const float *table = TYPED(const float, tables) + (ulong)row * 2 * half_count;
  if (head < heads) {
    if (i < half_count) {
      ulong a = ((ulong)row * heads + head) * size + i;
      ulong b = a + half_count;
      float x = load_element(query_type, BYTES(queries), a);
      float y = load_element(query_type, BYTES(queries), b);
      store_element(query_type, BYTES(queries), a, x * table[i] - y * table[half_count + i]);
      store_element(query_type, BYTES(queries), b, y * table[i] + x * table[half_count + i]);
    }
  } else if (head < heads + key_heads) {
    ulong element = (ulong)(head - heads) * size + i;
    ulong from = (ulong)row * key_heads * size + element;
    ulong to = stored * key_heads * size + element;
    if (stored < capacity && i < half_count) {
      float x = load_element(key_type, BYTES(keys), from);
      float y = load_element(key_type, BYTES(keys), from + half_count);
      float turned = x * table[i] - y * table[half_count + i];
      float turned_too = y * table[i] + x * table[half_count + i];
      store_element(key_cache_type, BYTES(key_cache), to, rounded(key_type, turned));
      store_element(key_cache_type, BYTES(key_cache), to + half_count, rounded(key_type, turned_too));
    } else if (stored < capacity && i >= 2 * half_count) {
      store_element(key_cache_type, BYTES(key_cache), to, load_element(key_type, BYTES(keys), from));
    }
  } else if (head < heads + 2 * key_heads && stored < capacity) {
    ulong element = (ulong)(head - heads - key_heads) * size + i;
    float value =
        load_element(value_type, BYTES(values), (ulong)row * key_heads * size + element);
    store_element(value_cache_type, BYTES(value_cache), stored * key_heads * size + element, value);
  }
}
