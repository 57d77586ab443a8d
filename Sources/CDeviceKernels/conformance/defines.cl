// Defines: VALUE.
KERNEL void defined(BUFFER(out)) {
  TYPED(uint, out)[0] = VALUE;
}
