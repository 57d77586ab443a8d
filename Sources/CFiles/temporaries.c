#define _GNU_SOURCE
#include "CFiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { slots = 256, longest_name = 256, deepest = 16 };

// A slot is claimed before it is filled and becomes live once it is complete, so that a handler never reads a partial
// name.
enum { is_free, is_claimed, is_live };

static struct {
  atomic_int state;
  int folder;
  char name[longest_name];
} table[slots];

int ferry_temporary_register(int folder, const char *name) {
  if (strlen(name) >= longest_name) return -1;
  for (int slot = 0; slot < slots; slot++) {
    int expected = is_free;
    if (!atomic_compare_exchange_strong(&table[slot].state, &expected, is_claimed)) continue;
    table[slot].folder = folder;
    strcpy(table[slot].name, name);
    atomic_store(&table[slot].state, is_live);
    return slot;
  }
  return -1;
}

void ferry_temporary_unregister(int slot) {
  if (slot >= 0) atomic_store(&table[slot].state, is_free);
}

// The kernel's layout of a directory entry; glibc declares no type for it.
struct entry {
  unsigned long long inode;
  long long offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

static void remove_entry(int folder, const char *name, int depth) {
  if (unlinkat(folder, name, 0) == 0 || (errno != EISDIR && errno != EPERM) || depth == deepest) return;
  int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (inner < 0) return;
  // Removing entries while reading a folder can hide others, so it is read again until it is empty. The number of
  // rounds is bounded in case another process keeps adding entries.
  for (int round = 0; round < 64 && unlinkat(folder, name, AT_REMOVEDIR) != 0; round++) {
    lseek(inner, 0, SEEK_SET);
    _Alignas(struct entry) char buffer[2048];
    long count;
    while ((count = syscall(SYS_getdents64, inner, buffer, sizeof buffer)) > 0) {
      for (long at = 0; at < count;) {
        struct entry *entry = (struct entry *)(buffer + at);
        at += entry->length;
        if (strcmp(entry->name, ".") && strcmp(entry->name, "..")) remove_entry(inner, entry->name, depth + 1);
      }
    }
    if (count < 0) break;
  }
  close(inner);
}

void ferry_temporaries_remove(void) {
  for (int slot = 0; slot < slots; slot++) {
    if (atomic_load(&table[slot].state) == is_live) remove_entry(table[slot].folder, table[slot].name, 0);
  }
}
