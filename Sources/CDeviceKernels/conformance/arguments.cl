// What a kernel was given, in six words.
KERNEL void arguments(BUFFER(out), int a, uint b, ulong c, float d, BUFFER(in)) {
  GLOBAL uint *words = TYPED(uint, out);
  words[0] = (uint)a;
  words[1] = b;
  words[2] = (uint)c;
  words[3] = (uint)(c >> 32);
  words[4] = AS_UINT(d);
  words[5] = load_ushort_unaligned(BYTES(in));
}
