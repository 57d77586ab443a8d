// The words of every group of 64 threads in reverse order.
KERNEL void reverse(BUFFER(data)) {
  LOCAL uint shared[64];
  uint i = LOCAL_ID(0);
  shared[i] = TYPED(uint, data)[GLOBAL_ID(0)];
  BARRIER();
  TYPED(uint, data)[GLOBAL_ID(0)] = shared[63 - i];
}
