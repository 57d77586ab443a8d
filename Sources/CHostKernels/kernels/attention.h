// Attention of one head of one row: scores, softmax, weighted sum of the values, all in f32.

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

// Turns scores into e^(score - largest); returns their sum.
static float exponentials(float *scores, int64_t count) {
    float largest = scores[0];
    for (int64_t i = 1; i < count; i++) largest = scores[i] > largest ? scores[i] : largest;
    vf sum = v_set1(0);
    for (int64_t i = 0; i < count; i += W) {
        int64_t n = count - i;
        vf e = v_exp(v_sub(load_up_to(scores, FERRY_F32, i, n), v_set1(largest)));
        store_up_to(scores, FERRY_F32, i, e, n);
        sum = v_add(sum, load_up_to(scores, FERRY_F32, i, n));
    }
    return v_sum(sum);
}

// output[i] = sum over p of weights[p] * values[p * stride + i] / total, for `n` <= 4 W elements.
INLINE void weighted_sum(const float *weights, float total, const char *values, int32_t type,
                         int64_t stride, int64_t count, void *output, int32_t output_type,
                         int64_t first, int64_t n) {
    vf sums[4] = {v_set1(0), v_set1(0), v_set1(0), v_set1(0)};
    if (n == 4 * W) {
        for (int64_t p = 0; p < count; p++) {
            vf w = v_set1(weights[p]);
            const char *row = values + p * stride;
            for (int j = 0; j < 4; j++) sums[j] = v_fma(w, load_any(row, type, j * W), sums[j]);
        }
    } else {
        for (int64_t p = 0; p < count; p++) {
            vf w = v_set1(weights[p]);
            for (int j = 0; j * W < n; j++) {
                vf v = load_up_to(values + p * stride, type, j * W, n - j * W);
                sums[j] = v_fma(w, v, sums[j]);
            }
        }
    }
    for (int j = 0; j * W < n; j++) {
        store_up_to(output, output_type, first + j * W, v_div(sums[j], v_set1(total)), n - j * W);
    }
}

static void attend(const ferry_attention *a, int64_t row, int64_t head, float *scratch) {
    int64_t size = a->head_size, position = a->first_position + row;
    int64_t first = a->window && position + 1 > a->window ? position + 1 - a->window : 0;
    int64_t count = position + 1 - first;
    int64_t kv_head = head / (a->heads / a->key_value_heads);
    int64_t query = (row * a->heads + head) * size;
    float *scores = scratch + size;
    convert((const char *)a->queries + query * type_size(a->query_type), a->query_type, scratch,
            FERRY_F32, size);
    int64_t key_stride = a->key_value_heads * size * type_size(a->key_type);
    const char *keys = (const char *)a->keys + first * key_stride
        + kv_head * size * type_size(a->key_type);
    for (int64_t p = 0; p < count; p++) {
        scores[p] = dot_any(scratch, keys + p * key_stride, a->key_type, size) * a->scale;
    }
    float total = exponentials(scores, count);
    int64_t value_size = type_size(a->value_type);
    int64_t value_stride = a->key_value_heads * size * value_size;
    const char *values = (const char *)a->values + first * value_stride + kv_head * size * value_size;
    for (int64_t i = 0; i < size; i += 4 * W) {
        weighted_sum(scores, total, values + i * value_size, a->value_type, value_stride, count,
                     a->output, a->output_type, query + i, least(4 * W, size - i));
    }
}
