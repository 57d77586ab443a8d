#include "cuda.h"

#include "load.h"

static bool fill(struct ferry_cuda *table, void *library, char *reason, size_t size) {
#define LOOK_UP(name, symbol, parameters)                                                          \
  if (!look_up(library, #symbol, (void **)&table->name, reason, size)) return false;
  FERRY_CUDA_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  return true;
}

/// The oldest driver that has every entry point: CUDA 12.4.
static const int oldest = 12040;

/// An old driver lacks symbols too; its version says more.
static bool is_new_enough(void *library, char *reason, size_t size) {
  CUresult (*get_version)(int32_t *);
  if (!look_up(library, "cuDriverGetVersion", (void **)&get_version, reason, size)) return false;
  int32_t version = 0;
  if (get_version(&version) != 0 || version >= oldest) return true;
  snprintf(reason, size, "it is of CUDA %d.%d, and 12.4 is needed: install driver 550 or newer",
           version / 1000, version % 1000 / 10);
  return false;
}

const struct ferry_cuda *ferry_cuda_load(const char *name, char *reason, size_t size) {
  void *library = open_library(name, reason, size);
  if (!library) return NULL;
  struct ferry_cuda *table = calloc(1, sizeof(*table));
  if (table && is_new_enough(library, reason, size) && fill(table, library, reason, size)) return table;
  if (!table) snprintf(reason, size, "out of memory");
  free(table);
  dlclose(library);
  return NULL;
}
