// Attention of a block of rows and of all query heads that share a key head: tiles of keys, softmax with a
// running maximum, weighted sums of the values, all in f32.
//
// Tiles begin at multiples of KEY_TILE positions, and what a row computes depends on its own queries, keys and
// values only, so that results do not depend on how rows are cut into blocks.
//
// Sources: T. Dao, "FlashAttention-2", arXiv:2307.08691; the running maximum: M. Milakov and N. Gimelshein,
// "Online normalizer calculation for softmax", arXiv:1805.02867.

#define KEY_TILE (4 * W)
#define QUERY_ROWS (W == 16 ? 4 : 2)  // whose sums fit the registers

// The scratch of one block, with rows of `width` floats: the head size, rounded up to whole vectors.
typedef struct {
    int64_t shared, width;  // query heads of the key head; query q is row q / shared
    float *queries;         // [queries, width], scaled
    float *keys;            // [width, KEY_TILE]
    float *values;          // [KEY_TILE, width]
    float *weights;         // [queries, KEY_TILE]
    float *sums;            // [queries, width], of the values so far
    float *totals;          // [queries, W], of the weights so far
    float *largest;         // [queries], of the scores so far
} attention_block;

// Lays the block out in `scratch`; returns the floats that it takes.
INLINE int64_t lay_out(const ferry_attention *a, int64_t rows, float *scratch, attention_block *b) {
    b->shared = a->heads / a->key_value_heads;
    b->width = rounded_up(a->head_size, W);
    int64_t queries = rows * b->shared;
    b->queries = scratch;
    b->keys = b->queries + queries * b->width;
    b->values = b->keys + b->width * KEY_TILE;
    b->weights = b->values + KEY_TILE * b->width;
    b->sums = b->weights + queries * KEY_TILE;
    b->totals = b->sums + queries * b->width;
    b->largest = b->totals + queries * W;
    return b->largest + queries - scratch;
}

static int64_t attention_scratch(const ferry_attention *a, int64_t rows) {
    float none;
    attention_block block;
    return lay_out(a, rows, &none, &block);
}

// The positions that a row sees.
INLINE int64_t first_seen(const ferry_attention *a, int64_t row) {
    int64_t end = a->first_position + row + 1;
    return !a->span && a->window && end > a->window ? end - a->window : 0;
}
INLINE int64_t end_seen(const ferry_attention *a, int64_t row) {
    return a->span ? a->span : a->first_position + row + 1;
}

// Copies `count` elements to f32, with zeros behind them up to whole vectors.
INLINE void load_floats(const char *from, int32_t type, int64_t count, float *to) {
    for (int64_t i = 0; i < count; i += W) v_store(to + i, load_up_to(from, type, i, count - i));
}

static void load_queries(const ferry_attention *a, const attention_block *b, int64_t row, int64_t rows,
                         int64_t head) {
    int64_t size = type_size(a->query_type);
    for (int64_t q = 0; q < rows * b->shared; q++) {
        int64_t at = (row + q / b->shared) * a->heads + head * b->shared + q % b->shared;
        float *to = b->queries + q * b->width;
        load_floats((const char *)a->queries + at * a->head_size * size, a->query_type, a->head_size, to);
        for (int64_t i = 0; i < b->width; i += W) v_store(to + i, v_mul(v_load(to + i), v_set1(a->scale)));
    }
}

// keys[i][p] = element i of key p of `count`; zeros behind the last key.
static void load_keys(const ferry_attention *a, const attention_block *b, int64_t first, int64_t count,
                      int64_t head) {
    int64_t size = type_size(a->key_type), stride = a->key_value_heads * a->head_size * size;
    const char *from = (const char *)a->keys + first * stride + head * a->head_size * size;
    for (int64_t p = 0; p < KEY_TILE; p += W) {
        for (int64_t i = 0; i < b->width; i += W) {
            vf square[W];
            for (int j = 0; j < W; j++) {
                square[j] = p + j < count
                    ? load_up_to(from + (p + j) * stride, a->key_type, i, a->head_size - i) : v_set1(0);
            }
            v_transpose(square);
            for (int j = 0; j < W; j++) v_store(b->keys + (i + j) * KEY_TILE + p, square[j]);
        }
    }
}

static void load_values(const ferry_attention *a, const attention_block *b, int64_t first, int64_t count,
                        int64_t head) {
    int64_t size = type_size(a->value_type), stride = a->key_value_heads * a->head_size * size;
    const char *from = (const char *)a->values + first * stride + head * a->head_size * size;
    for (int64_t p = 0; p < count; p++) {
        load_floats(from + p * stride, a->value_type, a->head_size, b->values + p * b->width);
    }
}

// c[r][j] (+)= sum over k of a[r][k] * b[k][j], for R rows and C vectors of columns.
INLINE void small_product(const float *a, int64_t a_stride, const float *b, int64_t b_stride,
                          int64_t depth, float *c, int64_t c_stride, int adds, const int R, const int C) {
    vf sums[4][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < C; j++) sums[r][j] = adds ? v_load(c + r * c_stride + j * W) : v_set1(0);
    }
    for (int64_t k = 0; k < depth; k++) {
        vf columns[4];
#pragma clang loop unroll(full)
        for (int j = 0; j < C; j++) columns[j] = v_load(b + k * b_stride + j * W);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            vf x = v_set1(a[r * a_stride + k]);
#pragma clang loop unroll(full)
            for (int j = 0; j < C; j++) sums[r][j] = v_fma(x, columns[j], sums[r][j]);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < C; j++) v_store(c + r * c_stride + j * W, sums[r][j]);
    }
}

// The same for any number of rows.
INLINE void product_rows(const float *a, int64_t a_stride, const float *b, int64_t b_stride, int64_t depth,
                         float *c, int64_t c_stride, int adds, int64_t rows, const int C) {
    int64_t r = 0;
    for (; r + QUERY_ROWS <= rows; r += QUERY_ROWS) {
        small_product(a + r * a_stride, a_stride, b, b_stride, depth, c + r * c_stride, c_stride, adds,
                      QUERY_ROWS, C);
    }
    const float *x = a + r * a_stride;
    float *to = c + r * c_stride;
    switch (rows - r) {
    case 1: small_product(x, a_stride, b, b_stride, depth, to, c_stride, adds, 1, C); break;
    case 2: small_product(x, a_stride, b, b_stride, depth, to, c_stride, adds, 2, C); break;
    case 3: small_product(x, a_stride, b, b_stride, depth, to, c_stride, adds, 3, C); break;
    default: break;
    }
}

static void attention_product(const float *a, int64_t a_stride, const float *b, int64_t b_stride, int64_t depth,
                              float *c, int64_t c_stride, int adds, int64_t rows, int64_t width) {
    int64_t j = 0;
    for (; j + 4 * W <= width; j += 4 * W) {
        product_rows(a, a_stride, b + j, b_stride, depth, c + j, c_stride, adds, rows, 4);
    }
    for (; j + 2 * W <= width; j += 2 * W) {
        product_rows(a, a_stride, b + j, b_stride, depth, c + j, c_stride, adds, rows, 2);
    }
    for (; j < width; j += W) {
        product_rows(a, a_stride, b + j, b_stride, depth, c + j, c_stride, adds, rows, 1);
    }
}

// v where first <= the lane's number < end, else `other`.
INLINE vf v_between(vf v, int64_t first, int64_t end, float other) {
    vf numbers = v_numbers(), rest = v_set1(other);
    v = v_select_above(numbers, v_set1((float)first - 0.5f), v, rest);
    return v_select_above(v_set1((float)end - 0.5f), numbers, v, rest);
}

// Turns the scores of query q in a tile, of which it sees first ..< end, into weights relative to the
// largest score so far, and what was summed relative to another into the same measure.
INLINE void soften(const attention_block *b, int64_t q, int64_t first, int64_t end) {
    float *weights = b->weights + q * KEY_TILE, *totals = b->totals + q * W;
    int is_part = first > 0 || end < KEY_TILE;
    vf v[4];
    for (int j = 0; j < 4; j++) {
        v[j] = v_load(weights + j * W);
        if (is_part) v[j] = v_between(v[j], first - j * W, end - j * W, -FLT_MAX);
    }
    float before = b->largest[q];
    float largest = v_max_lanes(v_max(v_max(v[0], v[1]), v_max(v[2], v[3])));
    if (largest > before) {
        vf shrunk = v_exp(v_set1(before - largest));
        v_store(totals, v_mul(v_load(totals), shrunk));
        float *sums = b->sums + q * b->width;
        for (int64_t i = 0; i < b->width; i += W) v_store(sums + i, v_mul(v_load(sums + i), shrunk));
        b->largest[q] = before = largest;
    }
    vf total = v_load(totals);
    for (int j = 0; j < 4; j++) {
        v[j] = v_exp(v_sub(v[j], v_set1(before)));
        if (is_part) v[j] = v_between(v[j], first - j * W, end - j * W, 0);
        v_store(weights + j * W, v[j]);
        total = v_add(total, v[j]);
    }
    v_store(totals, total);
}

// One tile of `count` keys from position `start` on, for the rows first ..< end of the block.
static void attend_tile(const ferry_attention *a, const attention_block *b, int64_t row, int64_t head,
                        int64_t start, int64_t count, int64_t first, int64_t end) {
    int64_t query = first * b->shared, queries = (end - first) * b->shared;
    load_keys(a, b, start, count, head);
    load_values(a, b, start, count, head);
    attention_product(b->queries + query * b->width, b->width, b->keys, KEY_TILE, a->head_size,
                      b->weights + query * KEY_TILE, KEY_TILE, 0, queries, KEY_TILE);
    for (int64_t q = query; q < query + queries; q++) {
        int64_t seer = row + q / b->shared;
        int64_t from = first_seen(a, seer) - start, to = end_seen(a, seer) - start;
        soften(b, q, from > 0 ? from : 0, least(to, KEY_TILE));
    }
    attention_product(b->weights + query * KEY_TILE, KEY_TILE, b->values, b->width, count,
                      b->sums + query * b->width, b->width, 1, queries, b->width);
}

static void store_sums(const ferry_attention *a, const attention_block *b, int64_t row, int64_t rows,
                       int64_t head) {
    for (int64_t q = 0; q < rows * b->shared; q++) {
        int64_t at = (row + q / b->shared) * a->heads + head * b->shared + q % b->shared;
        vf total = v_set1(v_sum(v_load(b->totals + q * W)));
        for (int64_t i = 0; i < a->head_size; i += W) {
            vf mean = v_div(v_load(b->sums + q * b->width + i), total);
            store_up_to(a->output, a->output_type, at * a->head_size + i, mean, a->head_size - i);
        }
    }
}

static void attend(const ferry_attention *a, int64_t row, int64_t rows, int64_t head, float *scratch) {
    attention_block block, *b = &block;
    lay_out(a, rows, scratch, b);
    int64_t queries = rows * b->shared;
    load_queries(a, b, row, rows, head);
    memset(b->sums, 0, (size_t)(queries * (b->width + W)) * sizeof(float));
    for (int64_t q = 0; q < queries; q++) b->largest[q] = -FLT_MAX;
    int64_t end = end_seen(a, row + rows - 1);
    int64_t start = first_seen(a, row) / KEY_TILE * KEY_TILE;
    int64_t first = 0;  // the rows that see something of a tile
    for (; start < end; start += KEY_TILE) {
        int64_t count = least(KEY_TILE, end - start), last = rows;
        while (end_seen(a, row + first) <= start) first++;
        while (first_seen(a, row + last - 1) >= start + count) last--;
        attend_tile(a, b, row, head, start, count, first, last);
    }
    store_sums(a, b, row, rows, head);
}
