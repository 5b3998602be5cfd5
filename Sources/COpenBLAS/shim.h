#include <cblas.h>

void *blas_memory_alloc(int kind) __attribute__((weak));
void blas_memory_free(void *buffer) __attribute__((weak));

/// Takes a buffer as a product does, and gives one back, which keeps it ready for a product. Null where OpenBLAS has no such
/// functions.
static inline void *take_blas_buffer(void) { return blas_memory_alloc ? blas_memory_alloc(0) : 0; }
static inline void give_back_blas_buffer(void *buffer) {
  if (buffer) blas_memory_free(buffer);
}
