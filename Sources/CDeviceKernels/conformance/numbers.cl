// The dialect's arithmetic on pairs (A, B), one result a pair.

#define A (TYPED(float, pairs)[2 * i])
#define B (TYPED(float, pairs)[2 * i + 1])
#define EACH_PAIR(name, expression)                            \
  KERNEL void name(BUFFER(pairs), BUFFER(out), uint count) {   \
    uint i = GLOBAL_ID(0);                                     \
    if (i < count) TYPED(uint, out)[i] = AS_UINT(expression);  \
  }

EACH_PAIR(quotients, DIV_RN(A, B))

// All zero where nothing is contracted.
EACH_PAIR(residues, ADD_RN(MUL_RN(A, B), -(A * B)) + SUB_RN(MUL_RN(B, A), MUL_RN(A, B)))

EACH_PAIR(products_less_one, ADD_RN(MUL_RN(A, B), -1.0f))

// The low half of A's bits as a binary16.
EACH_PAIR(halves, half_to_float((ushort)AS_UINT(A)))

// A as a binary16 in the low half, as a bfloat16 in the high one.
EACH_PAIR(roundings, AS_FLOAT(float_to_half(A) | ((uint)float_to_bf16(A) << 16)))

EACH_PAIR(bfloats, bf16_to_float(float_to_bf16(A)))
