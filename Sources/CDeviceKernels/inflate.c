#include "inflate.h"

#include <string.h>

// Source: P. Deutsch, "DEFLATE Compressed Data Format Specification version 1.3", RFC 1951.
// Data that ends too early or breaks a rule makes `failed` 1; from then on all bits are zeros.

struct stream {
  const uint8_t *input;
  size_t input_size, read;
  uint8_t *output;
  size_t output_size, written;
  uint64_t bits;
  unsigned bit_count;
  int failed;
};

// The next `count` ≤ 16 bits, the first of them lowest.
static unsigned take(struct stream *s, unsigned count) {
  while (s->bit_count < count) {
    if (s->read == s->input_size) {
      s->failed = 1;
      return 0;
    }
    s->bits |= (uint64_t)s->input[s->read++] << s->bit_count;
    s->bit_count += 8;
  }
  unsigned value = (unsigned)(s->bits & ((1u << count) - 1));
  s->bits >>= count;
  s->bit_count -= count;
  return value;
}

// MARK: Huffman codes (3.2.2)

enum { longest_code = 15, literals = 288, distances = 32 };

struct code {
  uint16_t count[longest_code + 1];  // codes of each length
  uint16_t symbols[literals];        // in the order of their codes
};

static void make_code(struct code *code, const uint8_t *lengths, unsigned symbols) {
  uint16_t next[longest_code + 2] = {0};
  memset(code, 0, sizeof(*code));
  for (unsigned i = 0; i < symbols; i++) code->count[lengths[i]]++;
  code->count[0] = 0;
  for (unsigned length = 1; length <= longest_code; length++)
    next[length + 1] = next[length] + code->count[length];
  for (unsigned i = 0; i < symbols; i++)
    if (lengths[i]) code->symbols[next[lengths[i]]++] = (uint16_t)i;
}

static unsigned next_symbol(struct stream *s, const struct code *code) {
  int value = 0, first = 0, place = 0;
  for (unsigned length = 1; length <= longest_code; length++) {
    value |= (int)take(s, 1);
    int count = code->count[length];
    if (value >= first && value - first < count) return code->symbols[place + value - first];
    place += count;
    first = (first + count) << 1;
    value <<= 1;
  }
  s->failed = 1;
  return 0;
}

// MARK: blocks (3.2.3)

static void copy_stored(struct stream *s) {
  s->bits = 0;
  s->bit_count = 0;
  size_t size = take(s, 16);
  if ((take(s, 16) ^ size) != 0xffff) s->failed = 1;
  if (size > s->input_size - s->read || size > s->output_size - s->written) s->failed = 1;
  if (s->failed) return;
  memcpy(s->output + s->written, s->input + s->read, size);
  s->read += size;
  s->written += size;
}

// The bytes from `distance` back, again; they may overlap what they give.
static void repeat(struct stream *s, size_t length, size_t distance) {
  if (distance > s->written || length > s->output_size - s->written) s->failed = 1;
  for (; length > 0 && !s->failed; length--, s->written++)
    s->output[s->written] = s->output[s->written - distance];
}

static unsigned length_of(struct stream *s, unsigned symbol) {
  if (symbol < 265) return symbol - 254;
  if (symbol == 285) return 258;
  unsigned extra = (symbol - 261) / 4;
  return ((4 + (symbol - 265) % 4) << extra) + 3 + take(s, extra);
}

static unsigned distance_of(struct stream *s, unsigned symbol) {
  if (symbol < 4) return symbol + 1;
  unsigned extra = symbol / 2 - 1;
  return ((2 + symbol % 2) << extra) + 1 + take(s, extra);
}

static void expand(struct stream *s, const struct code *literal, const struct code *distance) {
  while (!s->failed) {
    unsigned symbol = next_symbol(s, literal);
    if (symbol == 256) return;
    if (symbol > 285 || (symbol < 256 && s->written == s->output_size)) {
      s->failed = 1;
    } else if (symbol < 256) {
      s->output[s->written++] = (uint8_t)symbol;
    } else {
      unsigned length = length_of(s, symbol);
      unsigned place = next_symbol(s, distance);
      if (place > 29) s->failed = 1;
      else repeat(s, length, distance_of(s, place));
    }
  }
}

static void expand_fixed(struct stream *s) {
  struct code literal, distance;
  uint8_t lengths[literals];
  for (unsigned i = 0; i < literals; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  make_code(&literal, lengths, literals);
  memset(lengths, 5, distances);
  make_code(&distance, lengths, distances);
  expand(s, &literal, &distance);
}

// The lengths of a block's own codes, themselves coded (3.2.7).
static void read_lengths(struct stream *s, uint8_t *lengths, unsigned count) {
  static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
  uint8_t of_lengths[19] = {0};
  struct code code;
  unsigned given = take(s, 4) + 4;
  for (unsigned i = 0; i < given; i++) of_lengths[order[i]] = (uint8_t)take(s, 3);
  make_code(&code, of_lengths, 19);
  for (unsigned i = 0; i < count && !s->failed;) {
    unsigned symbol = next_symbol(s, &code);
    unsigned times = symbol < 16    ? 1
                     : symbol == 16 ? 3 + take(s, 2)
                     : symbol == 17 ? 3 + take(s, 3)
                                    : 11 + take(s, 7);
    if (times > count - i || (symbol == 16 && i == 0)) {
      s->failed = 1;
      return;
    }
    uint8_t length = symbol < 16 ? (uint8_t)symbol : symbol == 16 ? lengths[i - 1] : 0;
    memset(lengths + i, length, times);
    i += times;
  }
}

static void expand_dynamic(struct stream *s) {
  struct code literal, distance;
  uint8_t lengths[literals + distances] = {0};
  unsigned literal_count = take(s, 5) + 257, distance_count = take(s, 5) + 1;
  // The count of lengths of lengths comes last of the three.
  if (literal_count > 286 || distance_count > 30) s->failed = 1;
  if (s->failed) return;
  read_lengths(s, lengths, literal_count + distance_count);
  make_code(&literal, lengths, literal_count);
  make_code(&distance, lengths + literal_count, distance_count);
  expand(s, &literal, &distance);
}

int ferry_inflate(const uint8_t *packed, size_t packed_size, uint8_t *output, size_t size) {
  struct stream s = {.input = packed, .input_size = packed_size, .output = output,
                     .output_size = size};
  unsigned last = 0;
  while (!last && !s.failed) {
    last = take(&s, 1);
    unsigned kind = take(&s, 2);
    if (s.failed || kind == 3) return 0;
    if (kind == 0) copy_stored(&s);
    else if (kind == 1) expand_fixed(&s);
    else expand_dynamic(&s);
  }
  return !s.failed && s.written == size;
}
