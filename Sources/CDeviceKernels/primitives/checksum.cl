// The words of FerryDevices' Checksum, summed over a table of chunks.
//
// A chunk is four ulongs: the byte offset in `data`, the byte count, the number of its first word in
// its range, and the range's seed. Chunks but the last of a range hold whole words. A work-group
// takes every GROUP_COUNT-th chunk, its threads every GROUP_SIZE-th word; each thread leaves its sum
// in `partials`, and the host adds those up. No barrier, no local memory, no atomics.

DEVICE ulong checksum_mix(ulong z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ul;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBul;
  return z ^ (z >> 31);
}

// The sum over whole words at an address that is a multiple of 8.
DEVICE ulong checksum_aligned(GLOBAL const ulong *words, ulong count, ulong seed) {
  ulong total = 0;
  for (ulong i = LOCAL_ID(0); i < count; i += GROUP_SIZE(0))
    total += checksum_mix(words[i] ^ checksum_mix(seed + i));
  return total;
}

DEVICE ulong checksum_unaligned(GLOBAL const uchar *bytes, ulong count, ulong seed) {
  ulong total = 0;
  for (ulong i = LOCAL_ID(0); i < count; i += GROUP_SIZE(0))
    total += checksum_mix(load_ulong_unaligned(bytes + 8 * i) ^ checksum_mix(seed + i));
  return total;
}

// The word that the last bytes of a range are padded to.
DEVICE ulong checksum_tail(GLOBAL const uchar *bytes, uint count) {
  ulong word = 0;
  for (uint i = 0; i < count; i++) word |= (ulong)bytes[i] << (8 * i);
  return word;
}

KERNEL void checksum(BUFFER(data), BUFFER(chunks), BUFFER(partials), uint chunk_count) {
  ulong total = 0;
  for (uint c = GROUP_ID(0); c < chunk_count; c += GROUP_COUNT(0)) {
    GLOBAL const ulong *chunk = TYPED(const ulong, chunks) + 4 * (ulong)c;
    GLOBAL const uchar *bytes = BYTES(data) + chunk[0];
    ulong count = chunk[1] / 8;
    ulong seed = chunk[3] + chunk[2] + 1;
    if (((ulong)bytes & 7) == 0)
      total += checksum_aligned((GLOBAL const ulong *)bytes, count, seed);
    else
      total += checksum_unaligned(bytes, count, seed);
    uint rest = (uint)(chunk[1] & 7);
    if (rest != 0 && LOCAL_ID(0) == 0)
      total += checksum_mix(checksum_tail(bytes + 8 * count, rest) ^ checksum_mix(seed + count));
  }
  TYPED(ulong, partials)[GLOBAL_ID(0)] = total;
}
