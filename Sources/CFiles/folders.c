#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

int ferry_open_folder(const char *path) {
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return folder < 0 && errno == EACCES ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : folder;
}

// Called by system call number, because glibc has a wrapper only since version 2.28.
static int rename_with(unsigned flags, int from_folder, const char *from, int to_folder, const char *to) {
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int ferry_rename_exclusive(int from_folder, const char *from, int to_folder, const char *to) {
  return rename_with(RENAME_NOREPLACE, from_folder, from, to_folder, to);
}

int ferry_rename_exchange(int from_folder, const char *from, int to_folder, const char *to) {
  return rename_with(RENAME_EXCHANGE, from_folder, from, to_folder, to);
}
