#include <cblas.h>

/// Ends the threads that OpenBLAS starts when it is loaded. They wait awake for work that never comes, at the cost of other
/// programs of a pipeline.
int blas_thread_shutdown_(void);
