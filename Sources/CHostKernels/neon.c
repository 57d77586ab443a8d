#if defined(__aarch64__)

#pragma STDC FP_CONTRACT OFF

#include <arm_neon.h>

#include "kernels.h"
#include "scalar.h"

#include "vectors/neon.h"
#include "vectors/portablecodes.h"

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

#define LEVEL_TABLE ferry_neon_kernels
#include "kernels/table.h"

#endif
