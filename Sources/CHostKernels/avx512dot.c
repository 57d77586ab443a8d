#if defined(__x86_64__)

#pragma STDC FP_CONTRACT OFF

#include <immintrin.h>

#include "kernels.h"
#include "scalar.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx512vnni,avx512vbmi,avx2,fma,f16c"))), apply_to = function)

#include "vectors/avx512dot.h"
#include "vectors/avx512codes.h"

#include "kernels/elements.h"
#include "kernels/stream.h"
#include "kernels/decode.h"
#include "kernels/decodestream.h"
#include "kernels/products.h"
#include "kernels/attention.h"
#include "kernels/groups.h"
#include "kernels/tiles.h"
#include "kernels/few.h"
#include "kernels/panel.h"
#include "kernels/convolution.h"
#include "kernels/winograd.h"
#include "kernels/int8.h"
#include "kernels/magnitudes.h"
#include "kernels/encode.h"
#include "kernels/encoderows.h"

#define LEVEL_TABLE ferry_avx512_dot_kernels
#include "kernels/table.h"

#pragma clang attribute pop

#endif
