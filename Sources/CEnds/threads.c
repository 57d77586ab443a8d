#define _GNU_SOURCE
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "ends.h"

// Dispatch, which runs Swift's tasks, retries forever when the system cannot create a thread, sleeping for one second
// between attempts in the function below. A shortage that lasts longer than one such sleep ends the process.
enum { SECONDS_BETWEEN = 3 };

static void note_shortage(void) {
    static atomic_long last;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long before = atomic_exchange(&last, now.tv_sec);
    if (before == 0 || now.tv_sec - before > SECONDS_BETWEEN) return;
    ferry_ends_abandon("the system has no thread, or no memory for one, for the work; end other processes, or raise the "
                       "limits (ulimit -u, ulimit -v)");
}

__attribute__((weak)) unsigned sleep(unsigned seconds) {
    if (ferry_ends_is_installed() && ferry_ends_is_of("libdispatch", __builtin_return_address(0))) note_shortage();
    struct timespec time = {seconds, 0}, rest = {0, 0};
    return nanosleep(&time, &rest) == 0 ? 0 : (unsigned)rest.tv_sec;
}
