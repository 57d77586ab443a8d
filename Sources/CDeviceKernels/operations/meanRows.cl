// output[n, :] = the mean of rows first ..< end of the input, span n being [first, end): f32. One thread an
// element.
//
// Defines: TYPE (of the input).

KERNEL void mean_rows(BUFFER(spans), BUFFER(input), BUFFER(output), uint rows, uint columns) {
  uint column = GLOBAL_ID(0);
  uint span = GROUP_ID(1);
  uint end = min(TYPED(const uint, spans)[2 * span + 1], rows);
  uint first = min(TYPED(const uint, spans)[2 * span], end);
  if (column < columns) {
    float sum = 0.0f;
    for (uint row = first; row < end; row++)
      sum += LOAD(TYPE, BYTES(input), (ulong)row * columns + column);
    TYPED(float, output)[(ulong)span * columns + column] = sum / (float)(end - first);
  }
}
