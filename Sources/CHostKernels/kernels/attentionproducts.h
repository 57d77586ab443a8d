// Products of a few rows with columns, whose sums stay in registers.

// A matrix whose columns are `type` (for f32 products) or units (for products of `product`).
typedef struct {
    const char *start;
    int64_t stride;  // bytes
    int32_t type, product;
} columns_matrix;

// c[r][j] (+)= sum over k of a[r][k] * b[k][j], for R rows and C vectors of columns.
INLINE void small_product(const float *a, int64_t a_stride, const columns_matrix b, int64_t depth, float *c,
                          int64_t c_stride, int adds, rows_ahead ahead, const int R, const int C) {
    vf sums[4][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < C; j++) sums[r][j] = adds ? v_load(c + r * c_stride + j * W) : v_set1(0);
    }
    for (int64_t k = 0; k < depth; k++) {
        fetch_row(ahead, k);
        vf columns[4];
#pragma clang loop unroll(full)
        for (int j = 0; j < C; j++) columns[j] = load_any(b.start + k * b.stride, b.type, j * W);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            vf x = v_set1(a[r * a_stride + k]);
#pragma clang loop unroll(full)
            for (int j = 0; j < C; j++) sums[r][j] = v_products(sums[r][j], x, columns[j], b.product);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < C; j++) v_store(c + r * c_stride + j * W, sums[r][j]);
    }
}

// The same for any number of rows.
INLINE void product_rows(const float *a, int64_t a_stride, const columns_matrix b, int64_t depth, float *c,
                         int64_t c_stride, int adds, rows_ahead ahead, int64_t rows, const int C) {
    int64_t r = 0;
    for (; r + QUERY_ROWS <= rows; r += QUERY_ROWS, ahead.count = 0) {
        small_product(a + r * a_stride, a_stride, b, depth, c + r * c_stride, c_stride, adds, ahead, QUERY_ROWS, C);
    }
    const float *x = a + r * a_stride;
    float *to = c + r * c_stride;
    switch (rows - r) {
    case 1: small_product(x, a_stride, b, depth, to, c_stride, adds, ahead, 1, C); break;
    case 2: small_product(x, a_stride, b, depth, to, c_stride, adds, ahead, 2, C); break;
    case 3: small_product(x, a_stride, b, depth, to, c_stride, adds, ahead, 3, C); break;
    default: break;
    }
}

// Columns j ..< j + C * W of `width`, while the same share of the rows ahead is asked for.
INLINE void product_columns(const float *a, int64_t a_stride, columns_matrix b, int64_t depth, float *c,
                            int64_t c_stride, int adds, rows_ahead ahead, int64_t rows, int64_t width, int64_t j,
                            const int C) {
    b.start += j * type_size(b.type);
    ahead.start += ahead.bytes * j / width;
    ahead.bytes = ahead.bytes * C * W / width;
    product_rows(a, a_stride, b, depth, c + j, c_stride, adds, ahead, rows, C);
}

INLINE void attention_product(const float *a, int64_t a_stride, const columns_matrix b, int64_t depth, float *c,
                              int64_t c_stride, int adds, rows_ahead ahead, int64_t rows, int64_t width) {
    int64_t j = 0;
    for (; j + 4 * W <= width; j += 4 * W) {
        product_columns(a, a_stride, b, depth, c, c_stride, adds, ahead, rows, width, j, 4);
    }
    for (; j + 2 * W <= width; j += 2 * W) {
        product_columns(a, a_stride, b, depth, c, c_stride, adds, ahead, rows, width, j, 2);
    }
    for (; j < width; j += W) {
        product_columns(a, a_stride, b, depth, c, c_stride, adds, ahead, rows, width, j, 1);
    }
}
