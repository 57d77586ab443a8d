#ifndef FERRY_CUBLASLT_H
#define FERRY_CUBLASLT_H

#include <stddef.h>
#include <stdint.h>

#include "cuda.h"

// The part of cuBLASLt that Ferry uses, declared here so that no vendor header is needed to build, and
// loaded at run time. The numbers are those of cuBLAS 12 and 13.

typedef struct cublasLtContext *cublasLtHandle_t;
typedef struct ferry_cublaslt_description_st *cublasLtMatmulDesc_t;
typedef struct ferry_cublaslt_layout_st *cublasLtMatrixLayout_t;
typedef struct ferry_cublaslt_preference_st *cublasLtMatmulPreference_t;

/// `cublasLtMatmulAlgo_t`
struct ferry_cublaslt_algorithm {
  uint64_t data[8];
};

/// `cublasLtMatmulHeuristicResult_t`
struct ferry_cublaslt_choice {
  struct ferry_cublaslt_algorithm algorithm;
  size_t workspace_size;
  int32_t state;
  float waves;
  int32_t reserved[4];
};

_Static_assert(sizeof(struct ferry_cublaslt_choice) == 96, "as cublasLt.h lays it out");

/// `cudaDataType_t`
enum {
  FERRY_CUDA_R_32F = 0,
  FERRY_CUDA_R_16F = 2,
  FERRY_CUDA_R_16BF = 14,
};

/// `cublasComputeType_t`
enum { FERRY_CUBLAS_COMPUTE_32F = 68 };

/// `cublasLtMatmulDescAttributes_t`
enum { FERRY_CUBLASLT_DESC_TRANSA = 3 };

/// `cublasLtMatmulPreferenceAttributes_t`
enum {
  FERRY_CUBLASLT_PREF_MAX_WORKSPACE_BYTES = 1,
  FERRY_CUBLASLT_PREF_REDUCTION_SCHEME_MASK = 3,
  FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_A_BYTES = 5,
  FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_B_BYTES = 6,
  FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_C_BYTES = 7,
  FERRY_CUBLASLT_PREF_MIN_ALIGNMENT_D_BYTES = 8,
};

// Each entry: name, parameters; the symbol has `cublasLt` in front. All return a cublasStatus_t.
#define FERRY_CUBLASLT_FUNCTIONS(ENTRY)                                                            \
  ENTRY(Create, (cublasLtHandle_t *))                                                              \
  ENTRY(Destroy, (cublasLtHandle_t))                                                               \
  ENTRY(MatmulDescCreate, (cublasLtMatmulDesc_t *, int32_t, int32_t))                              \
  ENTRY(MatmulDescDestroy, (cublasLtMatmulDesc_t))                                                 \
  ENTRY(MatmulDescSetAttribute, (cublasLtMatmulDesc_t, int32_t, const void *, size_t))             \
  ENTRY(MatrixLayoutCreate, (cublasLtMatrixLayout_t *, int32_t, uint64_t, uint64_t, int64_t))      \
  ENTRY(MatrixLayoutDestroy, (cublasLtMatrixLayout_t))                                             \
  ENTRY(MatmulPreferenceCreate, (cublasLtMatmulPreference_t *))                                    \
  ENTRY(MatmulPreferenceDestroy, (cublasLtMatmulPreference_t))                                     \
  ENTRY(MatmulPreferenceSetAttribute, (cublasLtMatmulPreference_t, int32_t, const void *, size_t)) \
  ENTRY(MatmulAlgoGetHeuristic,                                                                    \
        (cublasLtHandle_t, cublasLtMatmulDesc_t, cublasLtMatrixLayout_t, cublasLtMatrixLayout_t,   \
         cublasLtMatrixLayout_t, cublasLtMatrixLayout_t, cublasLtMatmulPreference_t, int32_t,      \
         struct ferry_cublaslt_choice *, int32_t *))                                               \
  ENTRY(Matmul,                                                                                    \
        (cublasLtHandle_t, cublasLtMatmulDesc_t, const void *, const void *,                       \
         cublasLtMatrixLayout_t, const void *, cublasLtMatrixLayout_t, const void *, const void *, \
         cublasLtMatrixLayout_t, void *, cublasLtMatrixLayout_t,                                   \
         const struct ferry_cublaslt_algorithm *, void *, size_t, CUstream))

// Only the entry points themselves are declared non-null; what they take, the library's manual says.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The entry points of the loaded library.
struct ferry_cublaslt {
#define FERRY_CUBLASLT_FIELD(name, parameters) int32_t(*_Nonnull name) parameters;
  FERRY_CUBLASLT_FUNCTIONS(FERRY_CUBLASLT_FIELD)
#undef FERRY_CUBLASLT_FIELD
};

/// Loads a library and looks up every entry point; like ``ferry_cuda_load``.
const struct ferry_cublaslt *_Nullable ferry_cublaslt_load(const char *_Nonnull library,
                                                           char *_Nonnull reason, size_t size);

#pragma clang diagnostic pop

#endif
