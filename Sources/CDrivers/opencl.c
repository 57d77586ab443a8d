#include "opencl.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool look_up(void *library, const char *name, void **target, char *reason, size_t size) {
  *target = dlsym(library, name);
  if (!*target) snprintf(reason, size, "it has no %s", name);
  return *target != NULL;
}

static bool fill(struct ferry_opencl *table, void *library, char *reason, size_t size) {
#define LOOK_UP(result, name, parameters)                                                          \
  if (!look_up(library, "cl" #name, (void **)&table->name, reason, size)) return false;
  FERRY_OPENCL_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  return true;
}

const struct ferry_opencl *ferry_opencl_load(const char *name, char *reason, size_t size) {
  // Never closed on success: drivers start threads that outlive any user of theirs.
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, size, "%s", error ? error : "it cannot be loaded");
    return NULL;
  }
  struct ferry_opencl *table = calloc(1, sizeof(*table));
  if (table && fill(table, library, reason, size)) return table;
  if (!table) snprintf(reason, size, "out of memory");
  free(table);
  dlclose(library);
  return NULL;
}
