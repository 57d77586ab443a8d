#ifndef FERRY_LOAD_H
#define FERRY_LOAD_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/// Opens a library; NULL with a reason where it cannot be. Never closed on success: drivers start
/// threads that outlive any user of theirs.
static inline void *open_library(const char *name, char *reason, size_t size) {
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, size, "%s", error ? error : "it cannot be loaded");
  }
  return library;
}

/// Looks up one symbol; says which is missing.
static inline bool look_up(void *library, const char *name, void **target, char *reason,
                           size_t size) {
  *target = dlsym(library, name);
  if (!*target) snprintf(reason, size, "it has no %s", name);
  return *target != NULL;
}

#endif
