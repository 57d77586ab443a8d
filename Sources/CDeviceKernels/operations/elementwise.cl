// Operations element by element. Defines: A, B, OUTPUT (types).

// output = silu(a) · b, silu(x) = x / (1 + exp(−x)); output may be a.
KERNEL void silu_multiply(BUFFER(a), BUFFER(b), BUFFER(output), ulong count) {
  ulong i = FLAT_INDEX;
  if (i < count) {
    float gate = LOAD(A, BYTES(a), i);
    float value = gate / (1.0f + exp(-gate)) * LOAD(B, BYTES(b), i);
    STORE(OUTPUT, BYTES(output), i, value);
  }
}

// output = a + b; output may be a.
KERNEL void add(BUFFER(a), BUFFER(b), BUFFER(output), ulong count) {
  ulong i = FLAT_INDEX;
  if (i < count) {
    float sum = ADD_RN(LOAD(A, BYTES(a), i), LOAD(B, BYTES(b), i));
    STORE(OUTPUT, BYTES(output), i, sum);
  }
}

// output = a, converted.
KERNEL void convert(BUFFER(a), BUFFER(output), ulong count) {
  ulong i = FLAT_INDEX;
  if (i < count) STORE(OUTPUT, BYTES(output), i, LOAD(A, BYTES(a), i));
}
