// Decoding of what is not read soon: past the caches.

// How far ahead codes are asked for, in bytes.
#define STREAM_AHEAD 4096

// 4-bit blocks of a multiple of 64 elements, from the start of one to lines of 64 bytes.
INLINE void stream_four_bit_run(const ferry_weight *w, const uint8_t *bytes, int64_t count, float absmax,
                                char *output, const int32_t type) {
    block_values values = values_of_block(w, absmax, type);
    if (type == FERRY_F32) {
        vtable t = v_table(values.words);
        for (int64_t i = 0; i < count; i += 64, bytes += 32, output += 256) {
            __builtin_prefetch(bytes + STREAM_AHEAD, 0, 0);
            for (int j = 0; j < 64; j += W) stream_vector(output + 4 * j, (vi)v_nibbles(bytes + j / 2, t));
        }
    } else {
        vhalves t = v_halves_table(values.halves);
        for (int64_t i = 0; i < count; i += 64, bytes += 32, output += 128) {
            vi numbers[32 / W];
            __builtin_prefetch(bytes + STREAM_AHEAD, 0, 0);
            v_look_up(bytes, t, numbers);
            v_look_up(bytes + 16, t, numbers + 16 / W);
            for (int j = 0; j < 32 / W; j++) stream_vector(output + 4 * W * j, numbers[j]);
        }
    }
}

INLINE void stream_four_bit(const ferry_weight *w, int64_t first, int64_t count, char *output,
                            const int32_t type) {
    const uint8_t *payload = w->payload;
    const int64_t size = type_size(type), end = first + count;
    int64_t block = first / w->block_size, n;
    for (int64_t i = first; i < end; i += n, block++) {
        n = least((block + 1) * w->block_size, end) - i;
        stream_four_bit_run(w, payload + i / 2, n, block_absmax(w, block), output + (i - first) * size, type);
    }
}

// Elements that are decoded in the first-level cache before they are streamed.
#define STREAM_CHUNK 1024

// The bytes that come before element i of the payload.
INLINE int64_t payload_offset(const ferry_weight *w, int64_t i) {
    if (w->format == FERRY_PLAIN) return i * type_size(w->type);
    return w->format == FERRY_FOUR_BIT ? i / 2 : i;
}

INLINE void stream_chunks(const ferry_weight *w, int64_t first, int64_t count, char *output, const int32_t type) {
    char chunk[4 * STREAM_CHUNK] __attribute__((aligned(64)));
    int64_t size = type_size(type);
    const char *payload = (const char *)w->payload + STREAM_AHEAD;
    // What is made of a table is made once.
    const int is_dynamic = w->format == FERRY_DYNAMIC8;
    dynamic8_table table;
    if (is_dynamic) load_table(w, &table);
    for (int64_t i = 0; i < count; i += STREAM_CHUNK) {
        int64_t n = least(STREAM_CHUNK, count - i), start = payload_offset(w, first + i);
        prefetch(payload + start, payload_offset(w, first + i + n) - start);
        if (is_dynamic) decode_dynamic8(w, &table, first + i, n, chunk, type);
        else decode(w, first + i, n, chunk, type);
        stream(output + i * size, chunk, n * size);
    }
}

INLINE void stream_elements(const ferry_weight *w, int64_t first, int64_t count, char *output, const int32_t type) {
    int64_t head = least(-first & 63, count), whole = (count - head) & ~(int64_t)63, size = type_size(type);
    int aligned = ((uintptr_t)output + (uintptr_t)(head * size)) % 64 == 0;
    if (w->format == FERRY_FOUR_BIT && w->block_size % 64 == 0 && aligned) {
        decode(w, first, head, output, type);
        first += head, count -= head, output += head * size;
        stream_four_bit(w, first, whole, output, type);
        first += whole, count -= whole, output += whole * size;
    }
    stream_chunks(w, first, count, output, type);
    end_streaming();
}

static void decode_streaming(const ferry_weight *w, int64_t first, int64_t count, void *output,
                             int32_t type) {
    if (type == FERRY_F32) stream_elements(w, first, count, output, FERRY_F32);
    else if (type == FERRY_F16) stream_elements(w, first, count, output, FERRY_F16);
    else stream_elements(w, first, count, output, FERRY_BF16);
}
