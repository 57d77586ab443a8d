// Memory that is passed once: asked for ahead, written past the caches.

// How far ahead elements are asked for that take long to encode, in bytes.
#define AHEAD 16384

INLINE void prefetch(const char *p, int64_t count) {
    for (int64_t i = 0; i < count; i += 64) __builtin_prefetch(p + i, 0, 0);
}

// Stores past the caches, to a multiple of the vector's size.
INLINE void stream_vector(void *p, vi v) { __builtin_nontemporal_store(v, (vi *)p); }

// Copies bytes past the caches.
static void stream(char *target, const char *source, int64_t count) {
    int64_t head = least(count, -(int64_t)(uintptr_t)target & (4 * W - 1)), i = head;
    memcpy(target, source, (size_t)head);
    for (; i + 4 * W <= count; i += 4 * W) {
        vf v = v_load(source + i);
        __builtin_nontemporal_store(v, (vf *)(void *)(target + i));
    }
    memcpy(target + i, source + i, (size_t)(count - i));
}

// What was streamed is ordered by fences alone.
INLINE void end_streaming(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
