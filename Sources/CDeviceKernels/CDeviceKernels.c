#include "CDeviceKernels.h"

#include <string.h>

// One entry a file, in the order of the folders: prelude, primitives, operations, conformance.
// `#embed` takes the file as it is; the zero that follows makes it a C string.

static const unsigned char opencl_prelude[] = {
#embed "prelude/opencl.cl" suffix(, 0)
};
static const unsigned char dialect_prelude[] = {
#embed "prelude/dialect.cl" suffix(, 0)
};
static const unsigned char opencl_collectives[] = {
#embed "prelude/collectives.opencl.cl" suffix(, 0)
};
static const unsigned char cuda_collectives[] = {
#embed "prelude/collectives.cuda.cu" suffix(, 0)
};
static const unsigned char checksum_source[] = {
#embed "primitives/checksum.cl" suffix(, 0)
};
static const unsigned char elements_source[] = {
#embed "operations/elements.cl" suffix(, 0)
};
static const unsigned char positions_source[] = {
#embed "operations/positions.cl" suffix(, 0)
};
static const unsigned char weights_source[] = {
#embed "operations/weights.cl" suffix(, 0)
};
static const unsigned char units_source[] = {
#embed "operations/units.cl" suffix(, 0)
};
static const unsigned char gather_rows_source[] = {
#embed "operations/gatherRows.cl" suffix(, 0)
};
static const unsigned char rms_norm_source[] = {
#embed "operations/rmsNorm.cl" suffix(, 0)
};
static const unsigned char layer_norm_source[] = {
#embed "operations/layerNorm.cl" suffix(, 0)
};
static const unsigned char linear_source[] = {
#embed "operations/linear.cl" suffix(, 0)
};
static const unsigned char linear_rows_source[] = {
#embed "operations/linearRows.cl" suffix(, 0)
};
static const unsigned char int8_source[] = {
#embed "operations/int8.cl" suffix(, 0)
};
static const unsigned char rotate_source[] = {
#embed "operations/rotate.cl" suffix(, 0)
};
static const unsigned char store_source[] = {
#embed "operations/store.cl" suffix(, 0)
};
static const unsigned char mean_rows_source[] = {
#embed "operations/meanRows.cl" suffix(, 0)
};
static const unsigned char rotate_and_store_source[] = {
#embed "operations/rotateAndStore.cl" suffix(, 0)
};
static const unsigned char attention_source[] = {
#embed "operations/attention.cl" suffix(, 0)
};
static const unsigned char attention_any_source[] = {
#embed "operations/attentionAny.cl" suffix(, 0)
};
static const unsigned char attention_tiles_source[] = {
#embed "operations/attentionTiles.cl" suffix(, 0)
};
static const unsigned char attend_within_source[] = {
#embed "operations/attendWithin.cl" suffix(, 0)
};
static const unsigned char elementwise_source[] = {
#embed "operations/elementwise.cl" suffix(, 0)
};
static const unsigned char gelu_source[] = {
#embed "operations/gelu.cl" suffix(, 0)
};
static const unsigned char convolution_source[] = {
#embed "operations/convolution.cl" suffix(, 0)
};
static const unsigned char maps_source[] = {
#embed "operations/maps.cl" suffix(, 0)
};
static const unsigned char tiles_source[] = {
#embed "operations/tiles.cl" suffix(, 0)
};
static const unsigned char coded_tiles_source[] = {
#embed "operations/codedTiles.cl" suffix(, 0)
};
static const unsigned char matrix_tiles_source[] = {
#embed "operations/matrixTiles.cl" suffix(, 0)
};
static const unsigned char dequantize_source[] = {
#embed "operations/dequantize.cl" suffix(, 0)
};
static const unsigned char quantize_source[] = {
#embed "operations/quantize.cl" suffix(, 0)
};

static const unsigned char conformance_arguments_source[] = {
#embed "conformance/arguments.cl" suffix(, 0)
};
static const unsigned char conformance_grid_source[] = {
#embed "conformance/grid.cl" suffix(, 0)
};
static const unsigned char conformance_local_source[] = {
#embed "conformance/local.cl" suffix(, 0)
};
static const unsigned char conformance_defines_source[] = {
#embed "conformance/defines.cl" suffix(, 0)
};
static const unsigned char conformance_numbers_source[] = {
#embed "conformance/numbers.cl" suffix(, 0)
};
static const unsigned char conformance_collectives_source[] = {
#embed "conformance/collectives.cl" suffix(, 0)
};

struct ferry_source {
  const char *name;
  const unsigned char *text;
  size_t length;
};

#define SOURCE(name, array) {name, array, sizeof(array) - 1}

static const struct ferry_source preludes[] = {
    SOURCE("opencl", opencl_prelude),
    SOURCE("dialect", dialect_prelude),
    SOURCE("collectives.opencl", opencl_collectives),
    SOURCE("collectives.cuda", cuda_collectives),
};

static const struct ferry_source kernels[] = {
    SOURCE("checksum", checksum_source),
    SOURCE("elements", elements_source),
    SOURCE("positions", positions_source),
    SOURCE("weights", weights_source),
    SOURCE("units", units_source),
    SOURCE("gatherRows", gather_rows_source),
    SOURCE("rmsNorm", rms_norm_source),
    SOURCE("layerNorm", layer_norm_source),
    SOURCE("linear", linear_source),
    SOURCE("linearRows", linear_rows_source),
    SOURCE("int8", int8_source),
    SOURCE("rotate", rotate_source),
    SOURCE("store", store_source),
    SOURCE("meanRows", mean_rows_source),
    SOURCE("rotateAndStore", rotate_and_store_source),
    SOURCE("attention", attention_source),
    SOURCE("attentionAny", attention_any_source),
    SOURCE("attentionTiles", attention_tiles_source),
    SOURCE("attendWithin", attend_within_source),
    SOURCE("elementwise", elementwise_source),
    SOURCE("gelu", gelu_source),
    SOURCE("convolution", convolution_source),
    SOURCE("maps", maps_source),
    SOURCE("tiles", tiles_source),
    SOURCE("codedTiles", coded_tiles_source),
    SOURCE("matrixTiles", matrix_tiles_source),
    SOURCE("dequantize", dequantize_source),
    SOURCE("quantize", quantize_source),
    SOURCE("conformance-arguments", conformance_arguments_source),
    SOURCE("conformance-grid", conformance_grid_source),
    SOURCE("conformance-local", conformance_local_source),
    SOURCE("conformance-defines", conformance_defines_source),
    SOURCE("conformance-numbers", conformance_numbers_source),
    SOURCE("conformance-collectives", conformance_collectives_source),
};

static const char *find(const struct ferry_source *table, size_t count, const char *name,
                        size_t *length) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(table[i].name, name) != 0) continue;
    if (length) *length = table[i].length;
    return (const char *)table[i].text;
  }
  return NULL;
}

const char *ferry_kernel_source(const char *name, size_t *length) {
  return find(kernels, sizeof(kernels) / sizeof(kernels[0]), name, length);
}

const char *ferry_kernel_prelude(const char *name, size_t *length) {
  return find(preludes, sizeof(preludes) / sizeof(preludes[0]), name, length);
}
