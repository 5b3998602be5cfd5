#include <cblas.h>

int blas_thread_shutdown_(void) __attribute__((weak));

/// Ends the threads that OpenBLAS starts when it is loaded, if it is a build that does. They wait awake for work that never comes,
/// at the cost of other programs of a pipeline.
static inline void end_blas_threads(void) {
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}
