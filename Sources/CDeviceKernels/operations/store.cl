// cache[first + r, :] = values[r, :], rounded once to the cache's type; a thread an element. Rows beyond
// the capacity are left out. The types are numbers of load_element.

KERNEL void store_rows(BUFFER(values), BUFFER(cache), ulong count, uint columns, POSITION(first),
                       uint capacity, uint value_type, uint cache_type) {
  ulong i = FLAT_INDEX;
  if (i < count) {
    ulong row = (ulong)POSITION_OF(first) + i / columns;
    if (row < capacity)
      store_element(cache_type, BYTES(cache), row * columns + i % columns,
                    load_element(value_type, BYTES(values), i));
  }
}
