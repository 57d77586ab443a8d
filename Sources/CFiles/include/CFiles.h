// What Swift cannot reach in the C library: renames with flags, and the removal of temporaries from a signal handler.
#ifndef FERRY_CFILES_H
#define FERRY_CFILES_H

#include <stdbool.h>

// Opens the folder at `path`, links followed; one that cannot be listed as a place for names alone, which takes results all
// the same. -1 and errno where that is impossible.
int ferry_open_folder(const char *path);

// Renames `from` in the folder `from_folder` to `to` in `to_folder`, unless something has that name: then -1 and EEXIST.
// Fails with EINVAL, ENOSYS or ENOTSUP where the kernel or the file system cannot do that in one step.
int ferry_rename_exclusive(int from_folder, const char *from, int to_folder, const char *to);

// Exchanges two names in one step; both exist. Fails as ferry_rename_exclusive does where that cannot be done.
int ferry_rename_exchange(int from_folder, const char *from, int to_folder, const char *to);

// Notes that `name` in the open folder `folder` is a temporary of this process: a slot, or -1 if there is none left or
// the name is too long. Safe from any thread. The folder stays open until the slot is given back.
int ferry_temporary_register(int folder, const char *name);

// Gives a slot back; -1 is allowed.
void ferry_temporary_unregister(int slot);

// Removes every registered temporary, folders with all that is in them. Async-signal-safe: system calls alone, no
// locks, no allocation.
void ferry_temporaries_remove(void);

// Whatever makes a temporary, or gives it its final name, does so in a section. A handler that ends the process closes the
// sections first: it waits until nobody is inside, and nobody enters until it opens them again. Sections nest.
void ferry_section_enter(void);

// Leaves a section; where a handler found this thread inside, what it deferred is done now.
void ferry_section_leave(void);

// Counts a result that has got its name, from within the section in which it got it.
void ferry_results_count(void);

// Whether a result has its name.
bool ferry_has_result(void);

// Closes the sections and waits until all are left, at most so long. False where this thread is inside itself, which calls
// `deferred` when it leaves, and where they are closed already. For handlers: it takes no lock and allocates nothing.
bool ferry_sections_close(int milliseconds, void (*deferred)(void));

// Opens the sections again.
void ferry_sections_open(void);

#endif
