#include "work.h"

static _Thread_local uint64_t count;

uint64_t work_done(void) { return count; }

// What the compiler calls in a module that is built for it (-sanitize=fuzzer): at each comparison, and when the program starts.
void __sanitizer_cov_trace_cmp1(uint8_t a, uint8_t b) { count += 1; }
void __sanitizer_cov_trace_cmp2(uint16_t a, uint16_t b) { count += 1; }
void __sanitizer_cov_trace_cmp4(uint32_t a, uint32_t b) { count += 1; }
void __sanitizer_cov_trace_cmp8(uint64_t a, uint64_t b) { count += 1; }
void __sanitizer_cov_trace_const_cmp1(uint8_t a, uint8_t b) { count += 1; }
void __sanitizer_cov_trace_const_cmp2(uint16_t a, uint16_t b) { count += 1; }
void __sanitizer_cov_trace_const_cmp4(uint32_t a, uint32_t b) { count += 1; }
void __sanitizer_cov_trace_const_cmp8(uint64_t a, uint64_t b) { count += 1; }
void __sanitizer_cov_trace_switch(uint64_t value, uint64_t *cases) { count += 1; }
void __sanitizer_cov_trace_pc_indir(uintptr_t function) {}
void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop) {}
void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop) {}
_Thread_local uintptr_t __sancov_lowest_stack = UINTPTR_MAX;
