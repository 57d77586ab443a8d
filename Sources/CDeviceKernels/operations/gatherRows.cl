// output[t, :] = table[token t, :]. Threads along axis 0 take columns, groups along axis 1 take tokens.
//
// Defines: FORMAT, OUTPUT.

#define GATHER(t, row)                                                     \
  uint column = GLOBAL_ID(0);                                              \
  if (column < columns) {                                                  \
    float value = VALUE(table_rows, (ulong)(row) * columns + column, row); \
    STORE(OUTPUT, BYTES(output), (ulong)(t) * columns + column, value);    \
  }

// Up to 16 tokens travel as arguments: nothing has to outlive the call.
KERNEL void gather_rows(WEIGHT_PARAMETERS, BUFFER(output), uint columns, int t0, int t1, int t2,
                        int t3, int t4, int t5, int t6, int t7, int t8, int t9, int t10, int t11,
                        int t12, int t13, int t14, int t15) {
  DECLARE_WEIGHT(table_rows)
  uint t = GROUP_ID(1);
  int low = t == 0 ? t0 : t == 1 ? t1 : t == 2 ? t2 : t == 3 ? t3 : t == 4 ? t4 : t == 5 ? t5
          : t == 6 ? t6 : t7;
  int high = t == 8 ? t8 : t == 9 ? t9 : t == 10 ? t10 : t == 11 ? t11 : t == 12 ? t12
           : t == 13 ? t13 : t == 14 ? t14 : t15;
  uint row = (uint)(t < 8 ? low : high);
  GATHER(t, row)
}

// The tokens are in memory and are read when the kernel runs; one outside the table counts as its last.
KERNEL void gather_listed_rows(WEIGHT_PARAMETERS, BUFFER(output), uint columns, BUFFER(tokens),
                               uint table_count) {
  DECLARE_WEIGHT(table_rows)
  uint t = GROUP_ID(1);
  uint row = min(TYPED(const uint, tokens)[t], table_count - 1);
  GATHER(t, row)
}
