#ifndef FERRY_KERNELS_H
#define FERRY_KERNELS_H

// The functions that exist once a level, with the parameters of their public namesakes.

#include "CHostKernels.h"

typedef struct {
    int64_t (*lanes)(void);
    void (*convert)(const void *, int32_t, void *, int32_t, int64_t);
    int64_t (*first_not_below)(const void *, int32_t, int64_t, float);
    void (*silu_multiply)(const void *, int32_t, const void *, int32_t, void *, int32_t, int64_t);
    void (*gelu)(const void *, int32_t, void *, int32_t, int64_t);
    void (*add)(const void *, int32_t, void *, int32_t, int64_t);
    void (*rms_norm)(const void *, int32_t, const void *, int32_t, float, void *, int32_t, int64_t);
    void (*layer_norm)(const void *, int32_t, const void *, int32_t, const void *, int32_t, float,
                       void *, int32_t, int64_t);
    void (*mean_rows)(const void *, int32_t, int64_t, float *, int64_t);
    void (*rotate)(void *, int32_t, const void *, const void *, int64_t);
    void (*finish_row)(const float *, const void *, int32_t, void *, int32_t, int64_t);
    void (*attend)(const ferry_attention *, int64_t, int64_t, int64_t, float *);
    void (*attend_stretch)(const ferry_attention *, int64_t, int64_t, int64_t, float *, float *);
    void (*finish_attention)(const ferry_attention *, int64_t, int64_t, int64_t, int64_t, float *, float *);
    int64_t (*attention_scratch)(const ferry_attention *, int64_t, int64_t);
    int64_t (*attention_state_count)(const ferry_attention *, int64_t);
    void (*decode)(const ferry_weight *, int64_t, int64_t, void *, int32_t);
    void (*decode_streaming)(const ferry_weight *, int64_t, int64_t, void *, int32_t);
    int32_t (*product_type)(const ferry_weight *, int32_t);
    int64_t (*arranged_bytes)(const ferry_weight *, int32_t);
    void (*arrange)(const ferry_weight *, int32_t, const void *, int32_t, int64_t, void *);
    int64_t (*few_scratch)(const ferry_weight *);
    void (*linear_few)(const ferry_weight *, int32_t, int64_t, int64_t, const void *, int64_t, float *,
                       int64_t, float *);
    int64_t (*panel_rows)(void);
    int64_t (*column_rows)(int64_t);
    int64_t (*columns_scratch)(const ferry_weight *);
    void (*arrange_columns)(const ferry_weight *, int32_t, const void *, int32_t, int64_t, void *,
                            float *);
    int64_t (*many_scratch)(int64_t, int64_t);
    void (*linear_many)(const ferry_weight *, int32_t, int64_t, int64_t, const void *, int64_t, float *,
                        int64_t, float *);
    int64_t (*map_step)(void);
    void (*arrange_map)(const float *, int64_t, int64_t, float *);
    void (*convolve)(const ferry_map *, const float *, int64_t, float *, int64_t);
    void (*finish_map)(const float *, float, float, void *, int32_t, int64_t);
    int64_t (*tile_outputs)(void);
    void (*transform_weights)(const float *, int64_t, int64_t, float *, float *);
    int64_t (*tiles_scratch)(int64_t, int64_t);
    void (*convolve_tiles)(const ferry_tiles *, int64_t, int64_t, float *);
    void (*add_scaled)(const void *, int32_t, float, const void *, int32_t, void *, int32_t, int64_t);
    void (*spread_row)(const void *, int32_t, int64_t, int64_t, const void *, int32_t, void *, int32_t,
                       int64_t);
    void (*column_maxima)(const void *, int32_t, int64_t, int64_t, float *);
    int64_t (*coded_bytes)(int64_t);
    float (*code_row)(const void *, int32_t, int64_t, int64_t, float, const int32_t *, int64_t, void *);
    void (*linear_int8)(const ferry_weight *, int64_t, int64_t, const void *, int64_t, const float *,
                        int64_t, const int32_t *, int64_t, const float *, float *, int64_t, float *);
    int64_t (*encode_four_bit)(const void *, int32_t, int64_t, int64_t, int64_t, const float *,
                               const uint8_t *, uint8_t *, void *);
    int64_t (*encode_dynamic8)(const void *, int32_t, int64_t, int64_t, int64_t, const float *,
                               const int32_t *, uint8_t *, void *);
    int64_t (*encode_int8_rows)(const void *, int32_t, int64_t, int64_t, int8_t *, void *);
} ferry_kernels;

extern const ferry_kernels ferry_portable_kernels;
#if defined(__x86_64__)
extern const ferry_kernels ferry_avx2_kernels;
extern const ferry_kernels ferry_avx512_kernels;
extern const ferry_kernels ferry_avx512_dot_kernels;
#elif defined(__aarch64__)
extern const ferry_kernels ferry_neon_kernels;
#endif

#endif
