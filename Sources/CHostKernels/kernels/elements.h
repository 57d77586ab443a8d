// Loads and stores of any type, and what is done element by element.

INLINE vf load_any(const void *p, int32_t type, int64_t i) {
    const char *at = (const char *)p + i * type_size(type);
    if (type == FERRY_F32) return v_load(at);
    return type == FERRY_F16 ? v_load_f16(at) : v_load_bf16(at);
}

INLINE void store_any(void *p, int32_t type, int64_t i, vf v) {
    char *at = (char *)p + i * type_size(type);
    if (type == FERRY_F32) v_store(at, v);
    else if (type == FERRY_F16) v_store_f16(at, v);
    else v_store_bf16(at, v);
}

// The first n < W elements; zeros behind them.
INLINE vf load_some(const void *p, int32_t type, int64_t i, int64_t n) {
    char padded[4 * W] = {0};
    int64_t size = type_size(type);
    memcpy(padded, (const char *)p + i * size, (size_t)(n * size));
    return load_any(padded, type, 0);
}

INLINE void store_some(void *p, int32_t type, int64_t i, vf v, int64_t n) {
    char padded[4 * W];
    int64_t size = type_size(type);
    store_any(padded, type, 0, v);
    memcpy((char *)p + i * size, padded, (size_t)(n * size));
}

INLINE vf load_up_to(const void *p, int32_t type, int64_t i, int64_t n) {
    return n >= W ? load_any(p, type, i) : load_some(p, type, i, n);
}

INLINE void store_up_to(void *p, int32_t type, int64_t i, vf v, int64_t n) {
    if (n >= W) store_any(p, type, i, v);
    else store_some(p, type, i, v, n);
}

// Sum of products of `count` f32 and elements of any type.
INLINE float dot_any(const float *a, const void *b, int32_t type, int64_t count) {
    vf sum = v_set1(0);
    int64_t i = 0;
    for (; i + W <= count; i += W) sum = v_fma(v_load(a + i), load_any(b, type, i), sum);
    if (i < count) {
        int64_t n = count - i;
        sum = v_fma(load_some(a, FERRY_F32, i, n), load_some(b, type, i, n), sum);
    }
    return v_sum(sum);
}

static void convert(const void *source, int32_t source_type, void *target, int32_t target_type,
                    int64_t count) {
    if (source_type == target_type) {
        memmove(target, source, (size_t)(count * type_size(source_type)));
        return;
    }
    for (int64_t i = 0; i < count; i += W) {
        vf v = load_up_to(source, source_type, i, count - i);
        store_up_to(target, target_type, i, v, count - i);
    }
}

static int64_t first_not_below(const void *source, int32_t type, int64_t count, float limit) {
    // The bits of magnitudes ascend as their values do, NaN above all.
    int32_t bound = (int32_t)float_bits(limit);
    for (int64_t i = 0; i < count; i += W) {
        vf v = load_up_to(source, type, i, count - i);
        if (v_imax_lanes(v_abs_bits(v)) < bound) continue;
        float lanes[W];
        v_store(lanes, v);
        for (int j = 0; j < W; j++) {
            if ((int32_t)(float_bits(lanes[j]) & 0x7fffffff) >= bound) return i + j;
        }
    }
    return -1;
}

// e^x: x = n ln 2 + r with |r| <= ln 2 / 2, and the series of e^r up to r^7; about 1 unit in the last
// place. Below -87.3 it stays at the smallest normal numbers. NaN stays NaN.
INLINE vf v_exp(vf x) {
    x = v_min(v_set1(88.3f), v_max(v_set1(-87.3f), x));
    vf n = v_round(v_mul(x, v_set1(0x1.715476p+0f)));
    // ln 2 in two parts, the first with few enough bits that its product with n is exact.
    vf r = v_fma(n, v_set1(-0x1.63p-1f), x);
    r = v_fma(n, v_set1(0x1.bd0106p-13f), r);
    vf p = v_set1(1.0f / 5040);
    p = v_fma(p, r, v_set1(1.0f / 720));
    p = v_fma(p, r, v_set1(1.0f / 120));
    p = v_fma(p, r, v_set1(1.0f / 24));
    p = v_fma(p, r, v_set1(1.0f / 6));
    p = v_fma(p, r, v_set1(0.5f));
    p = v_fma(p, r, v_set1(1));
    p = v_fma(p, r, v_set1(1));
    return v_scale(p, n);
}

static void silu_multiply(const void *gate, int32_t gate_type, const void *up, int32_t up_type,
                          void *output, int32_t output_type, int64_t count) {
    for (int64_t i = 0; i < count; i += W) {
        int64_t n = count - i;
        vf g = load_up_to(gate, gate_type, i, n);
        vf e = v_exp(v_sub(v_set1(0), g));
        vf s = v_div(g, v_add(v_set1(1), e));
        store_up_to(output, output_type, i, v_mul(s, load_up_to(up, up_type, i, n)), n);
    }
}

// The share of the normal distribution below x, from erf(|x| / sqrt(2)): near 0 an odd polynomial, beyond
// an exponential of one; about 2 units in the last place of 1, and of small results a few times 1e-5.
//
// Source of the polynomials: N. Juffa, "Efficiently computing error function", stackoverflow.com/a/35148199.
INLINE vf v_normal(vf x) {
    vf a = v_mul(x, v_set1(0.70710678f));
    vf t = v_min(v_max(a, v_sub(v_set1(0), a)), v_set1(9)), s = v_mul(t, t);
    vf r = v_fma(v_set1(-1.72853470e-5f), t, v_set1(3.83197126e-4f));
    vf u = v_fma(v_set1(-3.88396438e-3f), t, v_set1(2.42546219e-2f));
    r = v_fma(v_fma(r, s, u), t, v_set1(-1.06777877e-1f));
    r = v_fma(v_fma(r, t, v_set1(-6.34846687e-1f)), t, v_set1(-1.28717512e-1f));
    vf beyond = v_mul(v_set1(0.5f), v_exp(v_sub(v_mul(r, t), t)));
    vf p = v_fma(v_set1(-5.96761703e-4f), s, v_set1(4.99119423e-3f));
    p = v_fma(v_fma(p, s, v_set1(-2.67681349e-2f)), s, v_set1(1.12819925e-1f));
    p = v_fma(v_fma(p, s, v_set1(-3.76125336e-1f)), s, v_set1(1.28379166e-1f));
    vf near = v_fma(v_set1(0.5f), v_fma(p, a, a), v_set1(0.5f));
    vf outer = v_select_above(x, v_set1(0), v_sub(v_set1(1), beyond), beyond);
    return v_select_above(t, v_set1(0.927734375f), outer, near);
}

#if defined(HAS_ENTRIES)
// The same by the series of degree 4 around the nearest of 32 points, 11 / 64 apart: as close to the normal
// distribution, but for small results, which have the absolute error of large ones.
#define NORMAL_STEP 0.171875f
typedef struct { vf terms[5][2]; } normal_series;

INLINE normal_series series_of_normal(void) {
    normal_series s;
    for (int half = 0; half < 2; half++) {
        vf n = v_add(v_numbers(), v_set1((float)(half * W)));
        vf x = v_mul(n, v_set1(NORMAL_STEP)), square = v_mul(x, x);
        vf density = v_mul(v_set1(0.39894228f), v_exp(v_mul(square, v_set1(-0.5f))));
        // From the last point on all is 1/2.
        density = v_select_above(v_set1(30.5f), n, density, v_set1(0));
        vf share = v_sub(v_normal(x), v_set1(0.5f));
        s.terms[0][half] = v_select_above(v_set1(30.5f), n, share, v_set1(0.5f));
        s.terms[1][half] = density;
        s.terms[2][half] = v_mul(v_mul(x, density), v_set1(-1.0f / 2));
        s.terms[3][half] = v_mul(v_mul(v_sub(square, v_set1(1)), density), v_set1(1.0f / 6));
        s.terms[4][half] = v_mul(v_mul(v_mul(x, v_sub(v_set1(3), square)), density), v_set1(1.0f / 24));
    }
    return s;
}

INLINE vf v_normal_by(const normal_series *s, vf x) {
    const float magic = 0x1.8p23f;
    vf t = v_min(v_set1(31 * NORMAL_STEP), v_copy_sign(x, v_set1(0)));
    vf n = v_fma(t, v_set1(1 / NORMAL_STEP), v_set1(magic));
    vf r = v_fma(v_sub(n, v_set1(magic)), v_set1(-NORMAL_STEP), t), sum = v_entry(n, s->terms[4]);
    for (int i = 3; i >= 0; i--) sum = v_fma(sum, r, v_entry(n, s->terms[i]));
    return v_add(v_set1(0.5f), v_copy_sign(sum, x));
}
#endif

static void gelu(const void *input, int32_t input_type, void *output, int32_t output_type,
                 int64_t count) {
    int64_t i = 0;
#if defined(HAS_ENTRIES)
    normal_series series = series_of_normal();
    for (; i < count && output_type != FERRY_F32; i += W) {
        vf x = load_up_to(input, input_type, i, count - i);
        store_up_to(output, output_type, i, v_mul(x, v_normal_by(&series, x)), count - i);
    }
#endif
    for (; i < count; i += W) {
        vf x = load_up_to(input, input_type, i, count - i);
        store_up_to(output, output_type, i, v_mul(x, v_normal(x)), count - i);
    }
}

static void add(const void *values, int32_t values_type, void *target, int32_t target_type,
                int64_t count) {
    for (int64_t i = 0; i < count; i += W) {
        int64_t n = count - i;
        vf sum = v_add(load_up_to(target, target_type, i, n), load_up_to(values, values_type, i, n));
        store_up_to(target, target_type, i, sum, n);
    }
}

static void finish_row(const float *sums, const void *biases, int32_t biases_type, void *output,
                       int32_t output_type, int64_t count) {
    for (int64_t i = 0; i < count; i += W) {
        int64_t n = count - i;
        vf v = load_up_to(sums, FERRY_F32, i, n);
        if (biases) v = v_add(v, load_up_to(biases, biases_type, i, n));
        store_up_to(output, output_type, i, v, n);
    }
}

// The first n lanes; zeros behind them.
INLINE vf first_lanes(vf v, int64_t n) {
    if (n >= W) return v;
    float lanes[W] = {0};
    store_some(lanes, FERRY_F32, 0, v, n);
    return v_load(lanes);
}

// The sum of the deviations of all elements from `mean`, or of their squares: four sums at a time, as additions
// wait for each other.
INLINE float row_sum(const void *input, int32_t type, int64_t columns, vf mean, const int squared) {
    vf sums[4] = {v_set1(0), v_set1(0), v_set1(0), v_set1(0)};
    int64_t i = 0;
    for (; i + 4 * W <= columns; i += 4 * W) {
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++) {
            vf x = v_sub(load_any(input, type, i + j * W), mean);
            sums[j] = squared ? v_fma(x, x, sums[j]) : v_add(sums[j], x);
        }
    }
    for (; i < columns; i += W) {
        vf x = first_lanes(v_sub(load_up_to(input, type, i, columns - i), mean), columns - i);
        sums[0] = squared ? v_fma(x, x, sums[0]) : v_add(sums[0], x);
    }
    return v_sum(v_add(v_add(sums[0], sums[1]), v_add(sums[2], sums[3])));
}

static void rms_norm(const void *input, int32_t input_type, const void *weight, int32_t weight_type,
                     float epsilon, void *output, int32_t output_type, int64_t columns) {
    float squares = row_sum(input, input_type, columns, v_set1(0), 1);
    vf scale = v_set1(1 / sqrtf(squares / (float)columns + epsilon));
    for (int64_t i = 0; i < columns; i += W) {
        int64_t n = columns - i;
        vf x = v_mul(load_up_to(input, input_type, i, n), scale);
        store_up_to(output, output_type, i, v_mul(x, load_up_to(weight, weight_type, i, n)), n);
    }
}

static void layer_norm(const void *input, int32_t input_type, const void *weight,
                       int32_t weight_type, const void *bias, int32_t bias_type, float epsilon,
                       void *output, int32_t output_type, int64_t columns) {
    vf mean = v_set1(row_sum(input, input_type, columns, v_set1(0), 0) / (float)columns);
    float squares = row_sum(input, input_type, columns, mean, 1);
    vf scale = v_set1(1 / sqrtf(squares / (float)columns + epsilon));
    for (int64_t i = 0; i < columns; i += W) {
        int64_t n = columns - i;
        vf x = v_mul(v_sub(load_up_to(input, input_type, i, n), mean), scale);
        x = v_fma(x, load_up_to(weight, weight_type, i, n), load_up_to(bias, bias_type, i, n));
        store_up_to(output, output_type, i, x, n);
    }
}

static void mean_rows(const void *input, int32_t input_type, int64_t rows, float *output,
                      int64_t columns) {
    for (int64_t i = 0; i < columns; i += W) {
        int64_t n = columns - i;
        vf sum = v_set1(0);
        for (int64_t row = 0; row < rows; row++) {
            sum = v_add(sum, load_up_to(input, input_type, row * columns + i, n));
        }
        store_up_to(output, FERRY_F32, i, v_div(sum, v_set1((float)rows)), n);
    }
}

static void rotate(void *head, int32_t type, const void *cosines, const void *sines, int64_t half) {
    for (int64_t i = 0; i < half; i += W) {
        int64_t n = half - i;
        vf c = load_up_to(cosines, FERRY_F32, i, n), s = load_up_to(sines, FERRY_F32, i, n);
        vf x = load_up_to(head, type, i, n), y = load_up_to(head, type, half + i, n);
        store_up_to(head, type, i, v_sub(v_mul(x, c), v_mul(y, s)), n);
        store_up_to(head, type, half + i, v_add(v_mul(y, c), v_mul(x, s)), n);
    }
}
