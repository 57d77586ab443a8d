// One tile of keys and values: scores, their softmax relative to the largest so far, weighted sums of the values.

// The rows of a block that see something of a tile.
typedef struct { int64_t first, end; } row_range;

// The scores of a tile of `count` keys, for the queries of `rows`. Asks for the next tile's values.
static void make_scores(const attention_block *b, int64_t count, key_tile next, row_range rows) {
    const ferry_attention *a = b->attention;
    rows_ahead ahead = rows_of(a, a->values, a->value_type, next);
    int64_t first = rows.first * b->shared, queries = rows.end * b->shared - first;
    int64_t pitch = KEY_TILE * sizeof(float), width = rounded_up(count, W);
    const float *from = b->query_units + first * b->units;
    float *to = b->weights + first * KEY_TILE;
#if defined(HAS_DOT)
    if (score_type(a) == FERRY_BF16) {
        columns_matrix pairs = {(const char *)b->keys, pitch, FERRY_F32, FERRY_BF16};
        attention_product(from, b->units, pairs, b->units, to, KEY_TILE, 0, ahead, queries, width);
        return;
    }
#endif
    columns_matrix keys = {(const char *)b->keys, pitch, FERRY_F32, FERRY_F32};
    attention_product(from, b->units, keys, a->head_size, to, KEY_TILE, 0, ahead, queries, width);
}

// Adds the values of a tile, each times its weight, to the sums of the queries of `rows`. Asks for the next
// tile's keys.
INLINE void add_values_of(const attention_block *b, attention_state state, key_tile tile, key_tile next,
                          row_range rows, const int32_t type) {
    const ferry_attention *a = b->attention;
    int64_t query = rows.first * b->shared, queries = rows.end * b->shared - query;
    int64_t stride = row_stride(a, type), count = tile.count;
    const char *from = head_at(a, a->values, type, tile.head, tile.start);
    const float *weights = b->weights + query * KEY_TILE;
    float *sums = state.sums + query * b->width;
    rows_ahead ahead = rows_of(a, a->keys, a->key_type, next);
    // Few queries read the values once.
    if (queries <= 4 && a->head_size == b->width) {
        columns_matrix values = {from, stride, type, FERRY_F32};
        attention_product(weights, KEY_TILE, values, count, sums, b->width, 1, ahead, queries, b->width);
        return;
    }
    for (int64_t p = 0; p < count; p++) {
        for (int64_t i = 0; i < b->width; i += W) {
            v_store(b->values + p * b->width + i, load_up_to(from + p * stride, type, i, a->head_size - i));
        }
    }
    columns_matrix values = {(const char *)b->values, 4 * b->width, FERRY_F32, FERRY_F32};
    attention_product(weights, KEY_TILE, values, count, sums, b->width, 1, ahead, queries, b->width);
}

static void add_values(const attention_block *b, attention_state state, key_tile tile, key_tile next,
                       row_range rows) {
    int32_t type = b->attention->value_type;
    if (type == FERRY_F32) add_values_of(b, state, tile, next, rows, FERRY_F32);
    else if (type == FERRY_F16) add_values_of(b, state, tile, next, rows, FERRY_F16);
    else add_values_of(b, state, tile, next, rows, FERRY_BF16);
}

// v where first <= the lane's number < end, else `other`.
INLINE vf v_between(vf v, int64_t first, int64_t end, float other) {
    vf numbers = v_numbers(), rest = v_set1(other);
    v = v_select_above(numbers, v_set1((float)first - 0.5f), v, rest);
    return v_select_above(v_set1((float)end - 0.5f), numbers, v, rest);
}

// Turns the scores of query q in a tile, of which it sees first ..< end, into weights relative to the
// largest score so far, and what was summed relative to another into the same measure.
INLINE void soften(const attention_block *b, attention_state state, int64_t q, int64_t first, int64_t end,
                   const int C) {
    float *weights = b->weights + q * KEY_TILE, *totals = state.totals + q * W;
    int is_part = first > 0 || end < C * W;
    vf v[4], scale = v_set1(b->attention->scale), most = v_set1(-FLT_MAX);
#pragma clang loop unroll(full)
    for (int j = 0; j < C; j++) {
        v[j] = v_mul(v_load(weights + j * W), scale);
        if (is_part) v[j] = v_between(v[j], first - j * W, end - j * W, -FLT_MAX);
        most = v_max(v[j], most);
    }
    float before = state.largest[q], largest = v_max_lanes(most);
    if (largest > before) {
        vf shrunk = v_exp(v_set1(before - largest));
        v_store(totals, v_mul(v_load(totals), shrunk));
        float *sums = state.sums + q * b->width;
        for (int64_t i = 0; i < b->width; i += W) v_store(sums + i, v_mul(v_load(sums + i), shrunk));
        state.largest[q] = before = largest;
    }
    vf total = v_load(totals);
#pragma clang loop unroll(full)
    for (int j = 0; j < C; j++) {
        v[j] = v_exp(v_sub(v[j], v_set1(before)));
        if (is_part) v[j] = v_between(v[j], first - j * W, end - j * W, 0);
        v_store(weights + j * W, v[j]);
        total = v_add(total, v[j]);
    }
    v_store(totals, total);
}

// A tile, before the next.
static void attend_tile(const attention_block *b, attention_state state, key_tile tile, key_tile next) {
    const ferry_attention *a = b->attention;
    row_range rows = {0, b->rows};
    while (end_seen(a, b->row + rows.first) <= tile.start) rows.first++;
    while (first_seen(a, b->row + rows.end - 1) >= tile.start + tile.count) rows.end--;
    load_keys(b, tile);
    make_scores(b, tile.count, next, rows);
    for (int64_t q = rows.first * b->shared; q < rows.end * b->shared; q++) {
        int64_t seer = b->row + q / b->shared;
        int64_t first = first_seen(a, seer) - tile.start, end = end_seen(a, seer) - tile.start;
        if (first < 0) first = 0;
        if (tile.count > 2 * W) soften(b, state, q, first, least(end, KEY_TILE), 4);
        else if (tile.count > W) soften(b, state, q, first, least(end, 2 * W), 2);
        else soften(b, state, q, first, least(end, W), 1);
    }
    add_values(b, state, tile, next, rows);
}

INLINE void clear_state(const attention_block *b, attention_state state) {
    memset(state.sums, 0, (size_t)(b->queries * (b->width + W)) * sizeof(float));
    for (int64_t q = 0; q < b->queries; q++) state.largest[q] = -FLT_MAX;
}

// The positions of a stretch that a block sees.
typedef struct { int64_t start, end; } position_range;

INLINE position_range seen_of(const attention_block *b, int64_t stretch) {
    int64_t first = first_seen(b->attention, b->row) / KEY_TILE * KEY_TILE, start = stretch * FERRY_STRETCH;
    int64_t end = end_seen(b->attention, b->row + b->rows - 1);
    return (position_range){start > first ? start : first, least(end, start + FERRY_STRETCH)};
}

INLINE key_tile tile_of(int64_t head, position_range seen, int64_t start) {
    return (key_tile){head, start, start < seen.end ? least(KEY_TILE, seen.end - start) : 0};
}
