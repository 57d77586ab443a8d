#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static bool fill(struct ferry_png *table, void *library, char *reason, size_t size) {
#define LOOK_UP(result, name, parameters)                                                          \
    *(void **)&table->name = dlsym(library, "png_" #name);                                         \
    if (!table->name) {                                                                            \
        snprintf(reason, size, "it has no png_%s", #name);                                         \
        return false;                                                                              \
    }
    FERRY_PNG_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
    return true;
}

const struct ferry_png *ferry_png_load(const char *name, char *reason, size_t size) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *error = dlerror();
        snprintf(reason, size, "%s", error ? error : "it cannot be loaded");
        return NULL;
    }
    struct ferry_png *table = calloc(1, sizeof(*table));
    if (table && fill(table, library, reason, size)) return table;
    if (!table) snprintf(reason, size, "out of memory");
    free(table);
    dlclose(library);
    return NULL;
}
