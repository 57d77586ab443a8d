// output[i] = the decoded element i, rounded once more where the output is f16 or bf16.
//
// Defines: FORMAT, OUTPUT.

KERNEL void dequantize(WEIGHT_PARAMETERS, BUFFER(output), ulong count, ulong columns) {
  DECLARE_WEIGHT(w)
  ulong i = FLAT_INDEX;
  if (i < count) STORE(OUTPUT, BYTES(output), i, VALUE(w, i, (uint)(i / columns)));
}
