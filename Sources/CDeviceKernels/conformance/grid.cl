// Every thread adds its place, and 1 where the words for places agree.
KERNEL void grid(BUFFER(out)) {
  uint x = GLOBAL_ID(0), y = GLOBAL_ID(1), z = GLOBAL_ID(2);
  uint place = (z * GLOBAL_SIZE(1) + y) * GLOBAL_SIZE(0) + x;
  uint same = GROUP_ID(0) * GROUP_SIZE(0) + LOCAL_ID(0) == x
    && GROUP_COUNT(2) * GROUP_SIZE(2) == GLOBAL_SIZE(2);
  TYPED(uint, out)[place] += place + same;
}
