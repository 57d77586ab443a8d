#define _GNU_SOURCE
#include "CEnds.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "CFiles.h"
#include "ends.h"

// The possible outcomes; a process has exactly one. REPORTING: the result exists but has not been reported yet.
enum { RUNNING, REPORTING, FINISHED, FAILED, INTERRUPTED, ABANDONED };

// How long the process may take to report its result after a signal has arrived.
enum { PATIENCE_SECONDS = 2, DOOR_MILLISECONDS = 2000 };

static atomic_int outcome = RUNNING;
static atomic_bool expects_result;
static atomic_bool is_patient;
static char remark[4352];
static _Thread_local bool is_ending;

static bool claim(int next) {
    int expected = RUNNING;
    return atomic_compare_exchange_strong(&outcome, &expected, next);
}

static _Noreturn void wait_for_end(void) {
    while (true) pause();
}

static bool result_stands(void) {
    int now = atomic_load(&outcome);
    return now == REPORTING || (atomic_load(&expects_result) && ferry_has_result());
}

const char *ferry_ends_remark(void) { return result_stands() ? remark : ""; }

// Writes one line in a single call; takes no lock and allocates nothing.
static void say(const char *message) {
    const char *pieces[] = {isatty(STDERR_FILENO) ? "\r\033[K" : "", "ferry: error: ", message, ferry_ends_remark(), "\n"};
    enum { COUNT = sizeof pieces / sizeof *pieces };
    struct iovec vectors[COUNT];
    for (int i = 0; i < COUNT; i++) vectors[i] = (struct iovec){(void *)pieces[i], strlen(pieces[i])};
    ssize_t count = writev(STDERR_FILENO, vectors, COUNT);
    (void)count;
}

void ferry_ends_expect_result(const char *name) {
    snprintf(remark, sizeof remark, "; %s stands", name);
    // Control characters would break the one-line message.
    for (char *c = remark; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
    }
    atomic_store(&expects_result, true);
}

void ferry_ends_claim_result(void) {
    if (claim(REPORTING)) return;
    int now = atomic_load(&outcome);
    if (now != REPORTING && now != FINISHED) wait_for_end();
}

void ferry_ends_finish(void) {
    int expected = REPORTING;
    atomic_compare_exchange_strong(&outcome, &expected, FINISHED);
}

void ferry_ends_claim_failure(void) {
    int reporting = REPORTING, finished = FINISHED;
    if (!claim(FAILED) && !atomic_compare_exchange_strong(&outcome, &reporting, FAILED) &&
        !atomic_compare_exchange_strong(&outcome, &finished, FAILED)) {
        wait_for_end();
    }
    is_ending = true;
    ferry_sections_close(DOOR_MILLISECONDS, NULL);
    ferry_temporaries_remove();
    ferry_sections_open();
}

// MARK: Signals that ask the process to end

static void interrupt(void) {
    // A thread that is creating or renaming a result is not interrupted: it calls back here when it has finished.
    if (!ferry_sections_close(DOOR_MILLISECONDS, interrupt)) return;
    bool is_late = atomic_load(&expects_result) && ferry_has_result();
    if (is_late || !claim(INTERRUPTED)) {
        ferry_sections_open();
        // The process is about to exit by itself, unless it is blocked on output that nobody reads.
        if (!atomic_exchange(&is_patient, true)) alarm(PATIENCE_SECONDS);
        return;
    }
    is_ending = true;
    ferry_temporaries_remove();
    say("interrupted");
    _exit(1);
}

static void end_patience(void) {
    int now = atomic_load(&outcome);
    if (now == FINISHED) _exit(0);
    ferry_temporaries_remove();
    if (now != FAILED) say("interrupted before everything was printed");
    _exit(1);
}

static void handle_signal(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    // SIGPIPE caused by this process's own write: the write fails with EPIPE, and the writer reports that.
    bool is_own_write = number == SIGPIPE && info->si_pid == getpid();
    if (number == SIGALRM && atomic_load(&is_patient)) {
        end_patience();
    } else if (!is_own_write) {
        interrupt();
    }
    errno = error;
}

// MARK: Faults

void ferry_ends_abandon(const char *message) {
    if (is_ending) _exit(1);
    if (atomic_load(&outcome) == FINISHED) _exit(0);
    int expected = REPORTING;
    if (!claim(ABANDONED) && !atomic_compare_exchange_strong(&outcome, &expected, ABANDONED)) {
        // Another thread is ending the process. If it cannot, this one does.
        for (int i = 0; i < PATIENCE_SECONDS; i++) {
            struct timespec time = {1, 0};
            nanosleep(&time, NULL);
        }
        _exit(1);
    }
    is_ending = true;
    ferry_sections_close(DOOR_MILLISECONDS / 10, NULL);
    ferry_temporaries_remove();
    say(message);
    _exit(1);
}

// Formats a number without the C library, which may allocate.
static void spell(char *text, size_t number) {
    char digits[24];
    int count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while (number /= 10);
    while (count > 0) *text++ = digits[--count];
    *text = 0;
}

void ferry_ends_out_of_memory(size_t size) {
    static _Thread_local char message[160];
    strcpy(message, "out of memory: ");
    spell(message + strlen(message), size);
    strcat(message, " bytes could not be had; end other processes, or raise the limit (ulimit -v)");
    ferry_ends_abandon(message);
}

static const struct {
    int number;
    const char *name;
} faults[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"},
              {SIGABRT, "SIGABRT"}, {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"}};
enum { FAULT_COUNT = sizeof faults / sizeof *faults };

static void handle_fault(int number, siginfo_t *info, void *context) {
    (void)info;
    (void)context;
    size_t refused = ferry_ends_refused_bytes();
    if (refused > 0) ferry_ends_out_of_memory(refused);
    char message[160] = "a fault ended it (";
    for (int i = 0; i < FAULT_COUNT; i++) {
        if (faults[i].number == number) strcat(message, faults[i].name);
    }
    strcat(message, "), of Ferry or of a driver; set FERRY_BACKTRACE=1 to see where, and report it");
    ferry_ends_abandon(message);
}

// MARK: Installing

static void install(int number, void (*handler)(int, siginfo_t *, void *)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static bool is_ignored(int number) {
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

// A closed stdout stays unwritable and a closed stdin reads as empty. A closed stderr accepts and discards output: an
// error about it could not be reported anyway.
static void open_streams(void) {
    for (int stream = 0; stream <= 2; stream++) {
        if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
        int opened = open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
        (void)opened;
    }
}

// A compiler inside a driver (LLVM, in PoCL) installs its own signal handlers when it compiles the first kernel. It
// re-raises most termination signals, which then reach the handlers here, but not those of `is_kept`, the first of which
// would be lost. For these, the `sigaction` below reports success to the driver without installing anything. It is weak
// because only the command needs it.
extern int __sigaction(int number, const struct sigaction *action, struct sigaction *old);

static atomic_bool keeps_requests, keeps_faults;

bool ferry_ends_is_installed(void) { return atomic_load(&keeps_requests); }

static bool is_kept(int number) {
    for (int i = 0; i < FAULT_COUNT; i++) {
        if (faults[i].number == number) return atomic_load(&keeps_faults);
    }
    bool is_lost_otherwise = number == SIGQUIT || number == SIGUSR1 || number == SIGXCPU;
    return is_lost_otherwise && atomic_load(&keeps_requests);
}

static bool is_own(const void *address) {
    Dl_info own, other;
    return dladdr(__extension__(void *) ferry_ends_install, &own) && dladdr(address, &other) &&
           own.dli_fbase == other.dli_fbase;
}

__attribute__((weak)) int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    bool is_foreign = action && is_kept(number) && !is_own(__builtin_return_address(0));
    return __sigaction(number, is_foreign ? NULL : action, old);
}

void ferry_ends_install(void) {
    static char stack[64 << 10];
    open_streams();
    // A fault may be a stack overflow, so handlers need a stack of their own.
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    const int requests[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGVTALRM,
                            SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        if (!is_ignored(requests[i])) install(requests[i], handle_signal);
    }
    // Exceeding the file size limit (ulimit -f) then makes the write fail with EFBIG.
    signal(SIGXFSZ, SIG_IGN);
    atomic_store(&keeps_requests, true);
    const char *backtrace = getenv("FERRY_BACKTRACE");
    if (backtrace && strcmp(backtrace, "1") == 0) return;
    for (int i = 0; i < FAULT_COUNT; i++) install(faults[i].number, handle_fault);
    atomic_store(&keeps_faults, true);
}
