#pragma once

// Which version is taken is decided before the thread sanitizer is ready for it, so that one sees the plain ones.
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define VERSIONS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VERSIONS
#endif
#define INLINE static inline __attribute__((always_inline))

typedef float floats16 __attribute__((vector_size(64)));
