#include "opencl.h"

#include "load.h"

static bool fill(struct ferry_opencl *table, void *library, char *reason, size_t size) {
#define LOOK_UP(result, name, parameters)                                                          \
  if (!look_up(library, "cl" #name, (void **)&table->name, reason, size)) return false;
  FERRY_OPENCL_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  return true;
}

const struct ferry_opencl *ferry_opencl_load(const char *name, char *reason, size_t size) {
  void *library = open_library(name, reason, size);
  if (!library) return NULL;
  struct ferry_opencl *table = calloc(1, sizeof(*table));
  if (table && fill(table, library, reason, size)) return table;
  if (!table) snprintf(reason, size, "out of memory");
  free(table);
  dlclose(library);
  return NULL;
}
