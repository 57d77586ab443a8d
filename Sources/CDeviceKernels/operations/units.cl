// Units of elements: what a thread loads or stores at a time, up to 16 bytes in one piece, so that
// neighbouring threads take neighbouring pieces. A unit is kept as words, as it lies in memory, until
// it is computed on: loads of several units are under way together.

#define BYTES_OF_f32 4
#define BYTES_OF_f16 2
#define BYTES_OF_bf16 2
#define BYTES_OF(type) PASTE(BYTES_OF_, type)

#define IS_ALIGNED(pointer, bytes) (((ulong)(pointer) & ((bytes) - 1)) == 0)

// Words of `size` bytes, a constant: 2, 4, 8 or a multiple of 16, aligned as that or to 16.
DEVICE void load_words(uint *words, GLOBAL const uchar *bytes, uint size) {
  if (size == 2) words[0] = *(GLOBAL const ushort *)bytes;
  if (size == 4) words[0] = *(GLOBAL const uint *)bytes;
  if (size == 8) {
    uint2 two = *(GLOBAL const uint2 *)bytes;
    words[0] = two.x;
    words[1] = two.y;
  }
  UNROLL
  for (uint i = 0; i < size / 16; i++) {
    uint4 four = ((GLOBAL const uint4 *)bytes)[i];
    words[4 * i] = four.x;
    words[4 * i + 1] = four.y;
    words[4 * i + 2] = four.z;
    words[4 * i + 3] = four.w;
  }
}

// i / divisor, of numbers not above `most`: 64 bits are divided only where they are needed.
DEVICE ulong quotient(ulong i, ulong divisor, ulong most) {
  return most >> 32 == 0 ? (uint)i / (uint)divisor : i / divisor;
}

// MARK: element i of the words of a unit

DEVICE float element_f32(const uint *words, uint i) {
  return AS_FLOAT(words[i]);
}

DEVICE float element_f16(const uint *words, uint i) {
  return half_to_float((ushort)(words[i / 2] >> (16 * (i % 2))));
}

DEVICE float element_bf16(const uint *words, uint i) {
  return AS_FLOAT(i % 2 == 0 ? words[i / 2] << 16 : words[i / 2] & 0xffff0000u);
}

DEVICE uint byte_of(const uint *words, uint i) {
  return words[i / 4] >> (8 * (i % 4)) & 0xffu;
}

DEVICE uint nibble_of(const uint *words, uint i) {
  return words[i / 8] >> (8 * (i % 8 / 2) + 4 - i % 2 * 4) & 0xfu;
}

// MARK: two elements in a word, for targets whose collective words lack them

#ifndef PACK_F16
#define PACK_F16(low, high) ((uint)float_to_half(low) | (uint)float_to_half(high) << 16)
#define PACK_BF16(low, high) ((uint)float_to_bf16(low) | (uint)float_to_bf16(high) << 16)
#endif
