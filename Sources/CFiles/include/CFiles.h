// C library functions that Swift cannot call directly: renames with flags, and the removal of temporaries from a signal
// handler.
#ifndef FERRY_CFILES_H
#define FERRY_CFILES_H

#include <stdbool.h>

// Opens the folder at `path`, following links. A folder without read permission is opened for name lookups only, which
// is enough to write results into it. Returns -1 and sets errno on failure.
int ferry_open_folder(const char *path);

// Renames `from` in `from_folder` to `to` in `to_folder`. Returns -1 with EEXIST if `to` exists, and with EINVAL,
// ENOSYS or ENOTSUP if the kernel or the file system cannot do this atomically.
int ferry_rename_exclusive(int from_folder, const char *from, int to_folder, const char *to);

// Atomically exchanges two existing names. Fails like ferry_rename_exclusive if that is not supported.
int ferry_rename_exchange(int from_folder, const char *from, int to_folder, const char *to);

// Registers `name` in the open folder `folder` as a temporary of this process. Returns a slot, or -1 if no slot is free
// or the name is too long. Thread-safe. The folder must stay open until the slot is released.
int ferry_temporary_register(int folder, const char *name);

// Releases a slot; -1 is allowed.
void ferry_temporary_unregister(int slot);

// Removes every registered temporary, folders with all their contents. Async-signal-safe: uses system calls only, takes
// no locks and allocates nothing.
void ferry_temporaries_remove(void);

// Enters a section. Code that creates a temporary or gives it its final name runs inside one. A handler that ends the
// process closes the sections first: it waits until no thread is inside, and no thread can enter until it opens them
// again. Sections nest.
void ferry_section_enter(void);

// Leaves a section. If a handler was deferred because this thread was inside, the handler's work is done now.
void ferry_section_leave(void);

// Counts a result that has received its final name; called in the section in which that happened.
void ferry_results_count(void);

// Returns true if a result has received its final name.
bool ferry_has_result(void);

// Closes the sections and waits until all are left, for at most `milliseconds`. Returns false if the calling thread is
// itself inside a section, in which case `deferred` is called when it leaves, or if the sections are already closed.
// Safe in signal handlers: takes no lock and allocates nothing.
bool ferry_sections_close(int milliseconds, void (*deferred)(void));

// Reopens the sections.
void ferry_sections_open(void);

#endif
