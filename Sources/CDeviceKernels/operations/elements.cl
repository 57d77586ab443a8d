// Elements of a type that a define names: f32, f16 or bf16. LOAD(INPUT, bytes, i) with -DINPUT=f16
// is load_f16(bytes, i). Arithmetic is in f32; STORE rounds once, to nearest even.

#define PASTE_WORDS(a, b) a##b
#define PASTE(a, b) PASTE_WORDS(a, b)
#define LOAD(type, bytes, index) PASTE(load_, type)(bytes, index)
#define STORE(type, bytes, index, value) PASTE(store_, type)(bytes, index, value)
#define LOAD16(type, bytes, index) PASTE(lanes16_load_, type)(bytes, index)
#define STORE16(type, bytes, index, values) PASTE(lanes16_store_, type)(bytes, index, values)

DEVICE float load_f32(GLOBAL const uchar *bytes, ulong index) {
  return ((GLOBAL const float *)bytes)[index];
}

DEVICE void store_f32(GLOBAL uchar *bytes, ulong index, float value) {
  ((GLOBAL float *)bytes)[index] = value;
}

DEVICE float load_f16(GLOBAL const uchar *bytes, ulong index) {
  return load_half(bytes, index);
}

DEVICE void store_f16(GLOBAL uchar *bytes, ulong index, float value) {
  store_half(bytes, index, value);
}

// An element whose type only the call knows: 1 is f32, 2 is f16, 3 is bf16; 0 is an absent operand,
// all zeros.
DEVICE float load_element(uint type, GLOBAL const uchar *bytes, ulong index) {
  if (type == 1u) return load_f32(bytes, index);
  if (type == 2u) return load_f16(bytes, index);
  if (type == 3u) return load_bf16(bytes, index);
  return 0.0f;
}

DEVICE void store_element(uint type, GLOBAL uchar *bytes, ulong index, float value) {
  if (type == 1u) store_f32(bytes, index, value);
  if (type == 2u) store_f16(bytes, index, value);
  if (type == 3u) store_bf16(bytes, index, value);
}

// The flat index of a thread in a grid of rows of 2^20 threads: a count of elements may exceed what
// one axis of a grid takes.
#define FLAT_INDEX (((ulong)GROUP_ID(1) << 20) + GLOBAL_ID(0))
