// What a block of an attention works with: its scratch memory, the state of its queries, and queries and keys in
// the order in which they are multiplied.

#define KEY_TILE (4 * W)
#define QUERY_ROWS (W == 16 ? 4 : 2)  // whose sums fit the registers

// What was summed for the queries of a block; query q is of row q / shared.
typedef struct {
    float *sums;     // [queries, width], of the values
    float *totals;   // [queries, W], of the weights
    float *largest;  // [queries], of the scores
} attention_state;

// A block and its scratch memory.
typedef struct {
    const ferry_attention *attention;
    int64_t row, rows;
    int64_t shared, queries;  // query heads of a key head; the queries of the block that share one
    int64_t width, units;     // of a head, rounded up to whole vectors: elements, and units of 4 bytes of scores
    float *query_units;       // [queries, units]
    float *keys;              // [units, KEY_TILE]
    float *values;            // [KEY_TILE, width]
    float *weights;           // [queries, KEY_TILE]
} attention_block;

// The numbers that are multiplied for scores: f32, or pairs of bf16, which are units of 4 bytes as well.
INLINE int32_t score_type(const ferry_attention *a) {
#if defined(HAS_DOT)
    if (a->query_type == FERRY_BF16 && a->key_type == FERRY_BF16) return FERRY_BF16;
#endif
    (void)a;
    return FERRY_F32;
}

INLINE attention_block block_of(const ferry_attention *a, int64_t row, int64_t rows) {
    int64_t shared = a->heads / a->key_value_heads, unit = score_type(a) == FERRY_BF16 ? 2 : 1;
    return (attention_block){.attention = a, .row = row, .rows = rows, .shared = shared,
                             .queries = rows * shared, .width = rounded_up(a->head_size, W),
                             .units = rounded_up(a->head_size, W * unit) / unit};
}

// Lays a state out in memory; returns the end.
INLINE float *lay_out_state(const attention_block *b, float *memory, attention_state *state) {
    *state = (attention_state){memory, memory + b->queries * b->width,
                               memory + b->queries * (b->width + W)};
    return state->largest + b->queries;
}

// Lays the block's scratch out, with the queries of so many heads; returns the end.
INLINE float *lay_out(attention_block *b, float *scratch, int64_t heads) {
    b->query_units = scratch;
    b->keys = b->query_units + heads * b->queries * b->units;
    b->values = b->keys + b->units * KEY_TILE;
    b->weights = b->values + KEY_TILE * b->width;
    return b->weights + b->queries * KEY_TILE;
}

static int64_t attention_state_count(const ferry_attention *a, int64_t rows) {
    float none;
    attention_state state;
    attention_block block = block_of(a, 0, rows);
    return lay_out_state(&block, &none, &state) - &none;
}

// Scratch memory, and two states.
static int64_t attention_scratch(const ferry_attention *a, int64_t rows, int64_t heads) {
    float none;
    attention_block block = block_of(a, 0, rows);
    return lay_out(&block, &none, heads) - &none + 2 * attention_state_count(a, rows);
}

// The positions that a row sees.
INLINE int64_t first_seen(const ferry_attention *a, int64_t row) {
    int64_t end = a->first_position + row + 1;
    return !a->span && a->window && end > a->window ? end - a->window : 0;
}
INLINE int64_t end_seen(const ferry_attention *a, int64_t row) {
    return a->span ? a->span : a->first_position + row + 1;
}

// Where query q of a block and a head of keys is among all heads of all rows.
INLINE int64_t query_number(const attention_block *b, int64_t head, int64_t q) {
    return (b->row + q / b->shared) * b->attention->heads + head * b->shared + q % b->shared;
}

// W units of a row of `n` elements from element i on, whose type is `type`, for products of `product`.
INLINE vf load_score_units(const char *row, const int32_t type, int64_t i, int64_t n, const int32_t product) {
    if (product != FERRY_BF16) return load_up_to(row, type, i, n - i);
    if (n - i >= 2 * W) return v_load(row + 2 * i);
    char some[4 * W] = {0};
    memcpy(some, row + 2 * i, (size_t)(2 * (n - i)));
    return v_load(some);
}

static void load_queries(const attention_block *b, int64_t head) {
    const ferry_attention *a = b->attention;
    int64_t size = type_size(a->query_type), n = a->head_size, product = score_type(a);
    for (int64_t q = 0; q < b->queries; q++) {
        const char *from = (const char *)a->queries + query_number(b, head, q) * n * size;
        float *to = b->query_units + q * b->units;
        for (int64_t u = 0; u < b->units; u += W) {
            v_store(to + u, product == FERRY_BF16
                                ? load_score_units(from, FERRY_BF16, 2 * u, n, FERRY_BF16)
                                : load_score_units(from, a->query_type, u, n, FERRY_F32));
        }
    }
}

// Where a head begins in the row of keys or values at a position.
INLINE const char *head_at(const ferry_attention *a, const void *rows, int32_t type, int64_t head,
                           int64_t position) {
    return (const char *)rows + (position * a->key_value_heads + head) * a->head_size * type_size(type);
}
INLINE int64_t row_stride(const ferry_attention *a, int32_t type) {
    return a->key_value_heads * a->head_size * type_size(type);
}

// `count` positions from `start` on, as the keys and values of one head.
typedef struct { int64_t head, start, count; } key_tile;

// Rows, or parts of them, that are asked for while others are computed: the processor does not foresee them.
typedef struct {
    const char *start;
    int64_t stride, bytes, count;
} rows_ahead;

// The keys or the values of a tile.
INLINE rows_ahead rows_of(const ferry_attention *a, const void *rows, int32_t type, key_tile tile) {
    return (rows_ahead){head_at(a, rows, type, tile.head, tile.start), row_stride(a, type),
                        a->head_size * type_size(type), tile.count};
}

INLINE void fetch_row(rows_ahead ahead, int64_t row) {
    if (row >= ahead.count) return;
    for (int64_t i = 0; i < ahead.bytes; i += 64) __builtin_prefetch(ahead.start + row * ahead.stride + i, 0, 2);
}

// keys[u][p] = unit u of key p of the tile; zeros behind the last key up to a whole vector.
INLINE void load_keys_of(const attention_block *b, key_tile tile, const int32_t type, const int32_t product) {
    const ferry_attention *a = b->attention;
    const int unit = product == FERRY_BF16 ? 2 : 1;
    int64_t stride = row_stride(a, type), n = a->head_size, count = tile.count;
    const char *rows = head_at(a, a->keys, type, tile.head, tile.start);
    for (int64_t p = 0; p < count; p += W, rows += W * stride) {
        for (int64_t u = 0; u < b->units; u += W) {
            vf square[W];
            if (count - p >= W && n >= (u + W) * unit) {
#pragma clang loop unroll(full)
                for (int j = 0; j < W; j++) {
                    square[j] = load_score_units(rows + j * stride, type, u * unit, (u + W) * unit, product);
                }
            } else {
                for (int j = 0; j < W; j++) {
                    square[j] = p + j < count ? load_score_units(rows + j * stride, type, u * unit, n, product)
                                              : v_set1(0);
                }
            }
            v_transpose(square);
#pragma clang loop unroll(full)
            for (int j = 0; j < W; j++) v_store(b->keys + (u + j) * KEY_TILE + p, square[j]);
        }
    }
}

static void load_keys(const attention_block *b, key_tile tile) {
    int32_t type = b->attention->key_type;
#if defined(HAS_DOT)
    if (score_type(b->attention) == FERRY_BF16) {
        load_keys_of(b, tile, FERRY_BF16, FERRY_BF16);
        return;
    }
#endif
    if (type == FERRY_F32) load_keys_of(b, tile, FERRY_F32, FERRY_F32);
    else if (type == FERRY_F16) load_keys_of(b, tile, FERRY_F16, FERRY_F32);
    else load_keys_of(b, tile, FERRY_BF16, FERRY_F32);
}
