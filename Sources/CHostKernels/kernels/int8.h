// LLM.int8(): codes of activations, exact integer products, and the outlier columns.

static void mark_outliers(const float *row, int64_t columns, float threshold, uint8_t *flags) {
    for (int64_t k = 0; k < columns; k++) flags[k] |= fabsf(row[k]) >= threshold;
}

// max |row[k]| over what is below the threshold; NaN if one of these is NaN.
static float coded_absmax(const float *row, int64_t columns, float threshold) {
    vi largest = v_izero();
    for (int64_t i = 0; i < columns; i += W) {
        float lanes[W] = {0};
        int64_t n = least(W, columns - i);
        for (int64_t j = 0; j < n; j++) {
            float x = row[i + j];
            lanes[j] = threshold > 0 && fabsf(x) >= threshold ? 0 : x;
        }
        largest = v_imax(largest, v_abs_bits(v_load(lanes)));
    }
    return bits_float((uint32_t)v_imax_lanes(largest));
}

static float code_row(const float *row, int64_t columns, float threshold, const uint8_t *flags,
                      int16_t *codes) {
    float absmax = coded_absmax(row, columns, threshold);
    memset(codes, 0, (size_t)rounded_up(columns, 2 * W) * sizeof *codes);
    if (!(absmax > 0 && absmax < INFINITY)) return absmax;
    float factor = 127 / absmax;
    int divides = !(factor < INFINITY);
    for (int64_t i = 0; i < columns; i += W) {
        int64_t n = least(W, columns - i);
        vf x = load_up_to(row, FERRY_F32, i, columns - i);
        vf scaled = divides ? v_mul(v_div(x, v_set1(absmax)), v_set1(127))
                            : v_mul(x, v_set1(factor));
        float lanes[W];
        // Outliers may be far beyond what can be rounded; they are not stored.
        vf bounded = v_min(v_set1(127), v_max(v_set1(-127), scaled));
        v_store(lanes, v_round(bounded));
        for (int64_t j = 0; j < n; j++) {
            codes[i + j] = flags && flags[i + j] ? 0 : (int16_t)lanes[j];
        }
    }
    return absmax;
}

// Columns whose products fit an int32 for any codes.
#define EXACT_COLUMNS 65536

// Exact sums of one weight row with M rows of codes.
INLINE void int8_dots(const int8_t *weights, int64_t columns, const int16_t *codes, int64_t padded,
                      int64_t *sums, const int M) {
    for (int m = 0; m < M; m++) sums[m] = 0;
    for (int64_t start = 0; start < columns; start += EXACT_COLUMNS) {
        int64_t end = least(columns, start + EXACT_COLUMNS), i = start;
        vi total[4] = {v_izero(), v_izero(), v_izero(), v_izero()};
        for (; i + 2 * W <= end; i += 2 * W) {
            vdot w = v_load_codes(weights + i);
#pragma clang loop unroll(full)
            for (int m = 0; m < M; m++) total[m] = v_dot(total[m], w, codes + m * padded + i);
        }
        if (i < end) {
            int8_t some[32] = {0};
            memcpy(some, weights + i, (size_t)(end - i));
            vdot w = v_load_codes(some);
#pragma clang loop unroll(full)
            for (int m = 0; m < M; m++) total[m] = v_dot(total[m], w, codes + m * padded + i);
        }
        for (int m = 0; m < M; m++) sums[m] += v_isum(total[m]);
    }
}

static void linear_int8(const ferry_weight *w, int64_t first_row, int64_t row_count,
                        const int16_t *codes, int64_t padded, const float *row_absmax, int64_t rows,
                        const int32_t *outliers, int64_t outlier_count, const float *outlier_values,
                        float *sums, int64_t stride, float *scratch) {
    for (int64_t n = 0; n < row_count; n++) {
        const int8_t *weights = (const int8_t *)w->payload + (first_row + n) * w->columns;
        float absmax = load_float(w->absmax, first_row + n);
        for (int64_t c = 0; c < outlier_count; c++) scratch[c] = weights[outliers[c]];
        for (int64_t m = 0; m < rows; m += 4) {
            int64_t exact[4], some = least(4, rows - m);
            const int16_t *from = codes + m * padded;
            if (some == 4) int8_dots(weights, w->columns, from, padded, exact, 4);
            else for (int64_t i = 0; i < some; i++) {
                int8_dots(weights, w->columns, from + i * padded, padded, exact + i, 1);
            }
            for (int64_t i = 0; i < some; i++) {
                float sum = (float)exact[i] * row_absmax[m + i] * (absmax * (1.0f / 16129));
                if (outlier_count) {
                    const float *values = outlier_values + (m + i) * outlier_count;
                    sum += dot_any(values, scratch, FERRY_F32, outlier_count)
                        * (absmax * INVERSE_127);
                }
                sums[(m + i) * stride + n] = sum;
            }
        }
    }
}
