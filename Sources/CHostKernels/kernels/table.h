// The functions of one level, as dispatch.c finds them.

static int64_t lanes(void) { return W; }

const ferry_kernels LEVEL_TABLE = {
    .lanes = lanes,
    .convert = convert,
    .first_not_below = first_not_below,
    .silu_multiply = silu_multiply,
    .gelu = gelu,
    .add = add,
    .rms_norm = rms_norm,
    .layer_norm = layer_norm,
    .mean_rows = mean_rows,
    .rotate = rotate,
    .finish_row = finish_row,
    .attend = attend,
    .decode = decode,
    .arranged_count = arranged_count,
    .arrange = arrange,
    .few_scratch = few_scratch,
    .linear_few = linear_few,
    .product = product,
    .mark_outliers = mark_outliers,
    .code_row = code_row,
    .linear_int8 = linear_int8,
    .encode_four_bit = encode_four_bit,
    .encode_dynamic8 = encode_dynamic8,
    .encode_int8_row = encode_int8_row,
};
