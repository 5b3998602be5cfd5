/// OpenBLAS asks this function of its own for the number of threads that the environment wants, as soon as it is loaded. A
/// program's function of that name comes first. So no thread is started, which would wait awake for work that never comes, at
/// the cost of the other programs of a pipeline, and for ever where there is no memory for its buffer.
__attribute__((weak, visibility("default"))) int openblas_num_threads_env(void) { return 1; }
