#include <stddef.h>
#include <stdint.h>

/// libFuzzer, which comes with clang: calls `one` with inputs that reach more and more of the program.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));

/// A file in memory. (The C library shows this to GNU programs only.)
int memfd_create(const char *name, unsigned flags);
