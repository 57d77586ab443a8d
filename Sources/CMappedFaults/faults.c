#define _GNU_SOURCE
#include "CMappedFaults.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// A free entry has size 0. Entries are never deallocated, so that a handler may read them at any time.
struct ferry_mapping {
    atomic_uintptr_t start;
    atomic_size_t size;
    atomic_bool is_damaged;
    atomic_bool is_taken;
    struct ferry_mapping *next;
};

static _Atomic(ferry_mapping *) first;
static struct sigaction previous;
static uintptr_t page_size;

// Sets the damage flag first, so that a thread that reads the zeros also sees the flag.
static bool repair(uintptr_t address) {
    for (ferry_mapping *mapping = atomic_load(&first); mapping; mapping = mapping->next) {
        uintptr_t start = atomic_load(&mapping->start);
        size_t size = atomic_load(&mapping->size);
        if (address < start || address - start >= size) continue;
        atomic_store(&mapping->is_damaged, true);
        // Replaces the rest of the mapping at once: after a truncation, every one of its pages would fault.
        uintptr_t page = address & ~(page_size - 1);
        void *zeros = mmap((void *)page, start + size - page, PROT_READ,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        return zeros != MAP_FAILED;
    }
    return false;
}

static void handle(int number, siginfo_t *info, void *context) {
    int error = errno;
    // A SIGBUS sent by another process has no fault address.
    bool is_repaired = info->si_code > 0 && repair((uintptr_t)info->si_addr);
    errno = error;
    if (is_repaired) return;
    if (previous.sa_flags & SA_SIGINFO) {
        previous.sa_sigaction(number, info, context);
    } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(number);
    } else {
        // The instruction faults again and ends the process, as it would have without the handler.
        signal(number, SIG_DFL);
        if (info->si_code <= 0) raise(number);
    }
}

static void install(void) {
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    const char *choice = getenv("FERRY_SIGBUS");
    if (choice && strcmp(choice, "system") == 0) return;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, NULL, &previous);
    sigaction(SIGBUS, &action, NULL);
}

static ferry_mapping *reuse(void) {
    for (ferry_mapping *mapping = atomic_load(&first); mapping; mapping = mapping->next) {
        bool expected = false;
        if (atomic_compare_exchange_strong(&mapping->is_taken, &expected, true)) return mapping;
    }
    return NULL;
}

static ferry_mapping *add(void) {
    ferry_mapping *mapping = calloc(1, sizeof *mapping);
    if (!mapping) return NULL;
    atomic_store(&mapping->is_taken, true);
    mapping->next = atomic_load(&first);
    while (!atomic_compare_exchange_weak(&first, &mapping->next, mapping)) {}
    return mapping;
}

ferry_mapping *ferry_mapping_watch(void *start, size_t size) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    ferry_mapping *mapping = reuse();
    if (!mapping) mapping = add();
    if (!mapping) return NULL;
    atomic_store(&mapping->is_damaged, false);
    atomic_store(&mapping->start, (uintptr_t)start);
    atomic_store(&mapping->size, size);
    return mapping;
}

void ferry_mapping_forget(ferry_mapping *mapping) {
    if (!mapping) return;
    atomic_store(&mapping->size, 0);
    atomic_store(&mapping->is_taken, false);
}

bool ferry_mapping_is_damaged(const ferry_mapping *mapping) {
    return mapping && atomic_load(&mapping->is_damaged);
}
