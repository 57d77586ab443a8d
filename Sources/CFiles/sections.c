#define _GNU_SOURCE
#include "CFiles.h"

#include <stdatomic.h>
#include <time.h>

static atomic_int inside;
static atomic_bool is_closed;
static atomic_int results;
static _Thread_local int depth;
static _Thread_local void (*deferred_end)(void);

static void rest(void) {
  struct timespec time = {0, 1000000};
  nanosleep(&time, NULL);
}

void ferry_section_enter(void) {
  if (depth++ > 0) return;
  // Incremented first, so that a handler closing the sections either sees this thread inside or is seen by it.
  atomic_fetch_add(&inside, 1);
  while (atomic_load(&is_closed)) {
    atomic_fetch_sub(&inside, 1);
    while (atomic_load(&is_closed)) rest();
    atomic_fetch_add(&inside, 1);
  }
}

void ferry_section_leave(void) {
  if (--depth > 0) return;
  atomic_fetch_sub(&inside, 1);
  void (*end)(void) = deferred_end;
  deferred_end = NULL;
  if (end) end();
}

void ferry_results_count(void) { atomic_fetch_add(&results, 1); }

bool ferry_has_result(void) { return atomic_load(&results) > 0; }

bool ferry_sections_close(int milliseconds, void (*deferred)(void)) {
  if (depth > 0) {
    deferred_end = deferred;
    return false;
  }
  bool expected = false;
  if (!atomic_compare_exchange_strong(&is_closed, &expected, true)) return false;
  for (int i = 0; i < milliseconds && atomic_load(&inside) > 0; i++) rest();
  return true;
}

void ferry_sections_open(void) { atomic_store(&is_closed, false); }
