// LLM.int8(): codes of activations, exact integer products, and the outlier columns.

// maxima[k] = max(maxima[k], |row[k]|); what is NaN does not count.
static void column_maxima(const void *row, int32_t type, int64_t first, int64_t count, float *maxima) {
    for (int64_t i = 0; i < count; i += W) {
        vf x = load_up_to(row, type, first + i, count - i);
        vf largest = load_up_to(maxima, FERRY_F32, i, count - i);
        largest = v_max((vf)v_abs_bits(x), largest);
        store_up_to(maxima, FERRY_F32, i, largest, count - i);
    }
}

// max |row[k]| over what is not above the limit; NaN if one of these is NaN.
INLINE float coded_absmax(const void *row, const int32_t type, int64_t first, int64_t columns,
                          float limit) {
    vi largest = v_izero();
    for (int64_t i = 0; i < columns; i += W) {
        vi bits = v_abs_bits(load_up_to(row, type, first + i, columns - i));
        vf x = v_select_above((vf)bits, v_set1(limit), v_set1(0), (vf)bits);
        largest = v_imax(largest, (vi)x);
    }
    return bits_float((uint32_t)v_imax_lanes(largest));
}

// Outliers may be far beyond what can be rounded; their codes are not kept.
INLINE vf coded(vf x, vf absmax, vf factor, const int divides) {
    vf scaled = divides ? v_mul(v_div(x, absmax), v_set1(127)) : v_mul(x, factor);
    return v_round(v_min(v_set1(127), v_max(v_set1(-127), scaled)));
}

INLINE void store_row_codes(const void *row, const int32_t type, int64_t first, int64_t columns,
                            float absmax, vcode *codes) {
    float factor = 127 / absmax;
    int divides = !(factor < INFINITY);
    vf factors = v_set1(factor), largest = v_set1(absmax);
    int64_t i = 0;
    for (; i + W <= columns; i += W) {
        v_store_code(codes + i, coded(load_any(row, type, first + i), largest, factors, divides));
    }
    if (i < columns) {
        vf x = load_some(row, type, first + i, columns - i);
        v_store_code(codes + i, coded(x, largest, factors, divides));
    }
}

INLINE float code_row_of(const void *row, const int32_t type, int64_t first, int64_t columns,
                         float threshold, vcode *codes) {
    // What is not above the number before the threshold is below the threshold.
    float limit = threshold > 0 ? bits_float(float_bits(threshold) - 1) : INFINITY;
    float absmax = coded_absmax(row, type, first, columns, limit);
    memset(codes, 0, (size_t)rounded_up(columns, DOT_CODES) * sizeof *codes);
    if (absmax > 0 && absmax < INFINITY) store_row_codes(row, type, first, columns, absmax, codes);
    return absmax;
}

// Columns whose products fit an int32 for any codes.
#define EXACT_COLUMNS 65536

// Behind a row's codes: their sum over each EXACT_COLUMNS of them.
INLINE int32_t *code_sums(const void *coded, int64_t columns) {
    return (int32_t *)(void *)((vcode *)(uintptr_t)coded + rounded_up(columns, DOT_CODES));
}

static int64_t coded_bytes(int64_t columns) {
    int64_t codes = rounded_up(columns, DOT_CODES) * (int64_t)sizeof(vcode);
    return codes + rounded_up((columns + EXACT_COLUMNS - 1) / EXACT_COLUMNS * 4, 64);
}

static float code_row(const void *row, int32_t type, int64_t first, int64_t columns, float threshold,
                      const int32_t *outliers, int64_t outlier_count, void *coded) {
    vcode *codes = coded;
    float absmax = type == FERRY_F32 ? code_row_of(row, FERRY_F32, first, columns, threshold, codes)
        : type == FERRY_F16 ? code_row_of(row, FERRY_F16, first, columns, threshold, codes)
        : code_row_of(row, FERRY_BF16, first, columns, threshold, codes);
    for (int64_t c = 0; c < outlier_count; c++) codes[outliers[c]] = 0;
    for (int64_t i = 0; i < columns; i += EXACT_COLUMNS) {
        int32_t sum = 0;
        for (int64_t k = i; k < least(columns, i + EXACT_COLUMNS); k++) sum += codes[k];
        code_sums(coded, columns)[i / EXACT_COLUMNS] = sum;
    }
    return absmax;
}

// Rows of the weight that meet rows of codes at once.
#define DOT_ROWS 4

typedef struct {
    const int8_t *weights;
    int64_t columns;
    const char *coded;
    int64_t stride;  // bytes from one row of codes to the next
} int8_operands;

INLINE const vcode *codes_at(int8_operands o, int m, int64_t i) {
    return (const vcode *)(const void *)(o.coded + m * o.stride) + i;
}

// sums[m][n] = the products of N rows of weights and M rows of codes over columns start ..< end, and of
// DOT_BIAS with the codes. Where a few rows of codes pass a weight once, its next rows are asked for.
INLINE void int8_tile(int8_operands o, int64_t start, int64_t end, int32_t sums[][DOT_ROWS],
                      const int N, const int M, const int asks) {
    vi total[DOT_INPUTS][DOT_ROWS];
    vdot w[DOT_ROWS];
    for (int m = 0; m < M; m++) for (int n = 0; n < DOT_ROWS; n++) total[m][n] = v_izero();
    int64_t i = start;
    for (; i + DOT_CODES <= end; i += DOT_CODES) {
#pragma clang loop unroll(full)
        for (int n = 0; n < N; n++) {
            const int8_t *at = o.weights + n * o.columns + i;
            if (asks) __builtin_prefetch(at + N * o.columns, 0, 0);
            w[n] = v_load_codes(at);
        }
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) {
#pragma clang loop unroll(full)
            for (int n = 0; n < N; n++) total[m][n] = v_dot(total[m][n], w[n], codes_at(o, m, i));
        }
    }
    if (i < end) {
#pragma clang loop unroll(full)
        for (int n = 0; n < N; n++) {
            int8_t some[64] = {0};
            memcpy(some, o.weights + n * o.columns + i, (size_t)(end - i));
            w[n] = v_load_codes(some);
        }
#pragma clang loop unroll(full)
        for (int m = 0; m < M; m++) {
#pragma clang loop unroll(full)
            for (int n = 0; n < N; n++) total[m][n] = v_dot(total[m][n], w[n], codes_at(o, m, i));
        }
    }
    for (int m = 0; m < M; m++) v_store_isums(sums[m], total[m]);
}

// sums[m * stride + n] for N rows of the weight and M rows of codes, scaled: by the weight's absmax first, so that
// nothing overflows on the way to a finite sum.
INLINE void int8_products(int8_operands o, const float *absmax, const float *row_absmax, float *sums,
                          int64_t stride, const int N, const int M, const int asks) {
    int64_t exact[DOT_INPUTS][DOT_ROWS] = {0};
    for (int64_t start = 0; start < o.columns; start += EXACT_COLUMNS) {
        int32_t part[DOT_INPUTS][DOT_ROWS];
        int8_tile(o, start, least(o.columns, start + EXACT_COLUMNS), part, N, M, asks);
        for (int m = 0; m < M; m++) {
            int32_t sum = code_sums(o.coded + m * o.stride, o.columns)[start / EXACT_COLUMNS];
            // The difference fits where its terms have wrapped around.
            uint32_t bias = DOT_BIAS * (uint32_t)sum;
            for (int n = 0; n < N; n++) exact[m][n] += (int32_t)((uint32_t)part[m][n] - bias);
        }
    }
    for (int m = 0; m < M; m++) {
        for (int n = 0; n < N; n++) {
            sums[m * stride + n] = (float)exact[m][n] * (absmax[n] * (1.0f / 16129)) * row_absmax[m];
        }
    }
}

// The same for any number of rows of codes.
INLINE void int8_rows(int8_operands o, const float *absmax, const float *row_absmax, int64_t rows,
                      float *sums, int64_t stride, const int N) {
    int64_t m = 0;
    for (; m + DOT_INPUTS <= rows; m += DOT_INPUTS) {
        int8_products(o, absmax, row_absmax + m, sums + m * stride, stride, N, DOT_INPUTS, 0);
        o.coded += DOT_INPUTS * o.stride;
    }
    for (; m < rows; m++, o.coded += o.stride) {
        int8_products(o, absmax, row_absmax + m, sums + m * stride, stride, N, 1, rows == 1);
    }
}

// Adds the outlier columns of N rows of the weight, decoded; `columns` has room for N of each.
INLINE void add_outliers(int8_operands o, const float *absmax, const int32_t *outliers, int64_t count,
                         const float *values, int64_t rows, float *sums, int64_t stride,
                         float *columns, const int N) {
    for (int64_t c = 0; c < count; c++) {
        for (int n = 0; n < N; n++) {
            float code = o.weights[n * o.columns + outliers[c]];
            columns[c * N + n] = code * (absmax[n] * INVERSE_127);
        }
    }
    for (int64_t m = 0; m < rows; m++) {
        float sum[DOT_ROWS] = {0};
        for (int64_t c = 0; c < count; c++) {
            for (int n = 0; n < N; n++) sum[n] += values[m * count + c] * columns[c * N + n];
        }
        for (int n = 0; n < N; n++) sums[m * stride + n] += sum[n];
    }
}

static void linear_int8(const ferry_weight *w, int64_t first_row, int64_t row_count,
                        const void *coded, int64_t coded_stride, const float *row_absmax,
                        int64_t rows, const int32_t *outliers, int64_t outlier_count,
                        const float *outlier_values, float *sums, int64_t stride, float *scratch) {
    const int8_t *weights = (const int8_t *)w->payload + first_row * w->columns;
    // Some rows of codes stay in the first-level cache while rows of the weight pass.
    for (int64_t m = 0; m < rows; m += DOT_INPUTS) {
        int64_t some = least(DOT_INPUTS, rows - m), n = 0;
        int8_operands o = {weights, w->columns, (const char *)coded + m * coded_stride, coded_stride};
        float absmax[DOT_ROWS], *to = sums + m * stride;
        for (; n + DOT_ROWS <= row_count; n += DOT_ROWS, o.weights += DOT_ROWS * w->columns) {
            for (int i = 0; i < DOT_ROWS; i++) absmax[i] = load_float(w->absmax, first_row + n + i);
            int8_rows(o, absmax, row_absmax + m, some, to + n, stride, DOT_ROWS);
        }
        for (; n < row_count; n++, o.weights += w->columns) {
            absmax[0] = load_float(w->absmax, first_row + n);
            int8_rows(o, absmax, row_absmax + m, some, to + n, stride, 1);
        }
    }
    if (outlier_count == 0) return;
    int8_operands o = {weights, w->columns, coded, coded_stride};
    for (int64_t n = 0; n < row_count;) {
        float absmax[DOT_ROWS];
        int64_t some = least(DOT_ROWS, row_count - n);
        for (int i = 0; i < some; i++) absmax[i] = load_float(w->absmax, first_row + n + i);
#define ADD(N) add_outliers(o, absmax, outliers, outlier_count, outlier_values, rows, sums + n, stride, scratch, N)
        if (some == DOT_ROWS) ADD(DOT_ROWS), n += DOT_ROWS, o.weights += DOT_ROWS * w->columns;
        else ADD(1), n += 1, o.weights += w->columns;
#undef ADD
    }
}
