#include "cublaslt.h"

#include "load.h"

static bool fill(struct ferry_cublaslt *table, void *library, char *reason, size_t size) {
#define LOOK_UP(name, parameters)                                                                  \
  if (!look_up(library, "cublasLt" #name, (void **)&table->name, reason, size)) return false;
  FERRY_CUBLASLT_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  return true;
}

const struct ferry_cublaslt *ferry_cublaslt_load(const char *name, char *reason, size_t size) {
  void *library = open_library(name, reason, size);
  if (!library) return NULL;
  struct ferry_cublaslt *table = calloc(1, sizeof(*table));
  if (table && fill(table, library, reason, size)) return table;
  if (!table) snprintf(reason, size, "out of memory");
  free(table);
  dlclose(library);
  return NULL;
}
