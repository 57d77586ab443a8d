// output = x / 2 · (1 + erf(x / sqrt(2))), as x / 2 · erfc(-x / sqrt(2)); output may be input.
//
// Source: D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
//
// Defines: TYPE (of input and output).

KERNEL void gelu(BUFFER(input), BUFFER(output), ulong count) {
  ulong i = FLAT_INDEX;
  if (i < count) {
    float x = LOAD(TYPE, BYTES(input), i);
    STORE(TYPE, BYTES(output), i, 0.5f * x * erfc(-0.70710678f * x));
  }
}
