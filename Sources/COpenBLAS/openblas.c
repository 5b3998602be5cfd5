#include "openblas.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

const char *openblas_load(struct openblas *library) {
  // As soon as it is loaded it starts as many threads as it is told here, which would wait awake for work that never comes, at
  // the cost of the other programs of a pipeline, and for ever where there is no memory for their buffers.
  static const char variable[] = "OPENBLAS_NUM_THREADS";
  char *before = getenv(variable);
  int changes = !before || strcmp(before, "1");
  if (before && !(before = strdup(before))) return "no memory";
  if (changes) setenv(variable, "1", 1);
  void *file = dlopen("libopenblas.so.0", RTLD_LAZY);
  if (changes && before) setenv(variable, before, 1);
  if (changes && !before) unsetenv(variable);
  free(before);
  if (!file) return dlerror();
  void (*set_threads)(int) = (void (*)(int))dlsym(file, "openblas_set_num_threads");
  *library = (struct openblas){
    .sgemm = (__typeof__(library->sgemm))dlsym(file, "cblas_sgemm"),
    .sgemv = (__typeof__(library->sgemv))dlsym(file, "cblas_sgemv"),
    .take_buffer = (__typeof__(library->take_buffer))dlsym(file, "blas_memory_alloc"),
    .give_back_buffer = (__typeof__(library->give_back_buffer))dlsym(file, "blas_memory_free"),
  };
  if (!library->sgemm || !library->sgemv || !set_threads) return "libopenblas.so.0 lacks functions of OpenBLAS";
  set_threads(1);
  return 0;
}
